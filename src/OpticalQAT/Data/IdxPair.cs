using OpticalQAT.Formats;

namespace OpticalQAT.Data;

/// <summary>The images and labels of one pair of IDX files, as they stand there.</summary>
/// <param name="Images">uint8, [count, height, width], row by row.</param>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
/// <param name="Labels">uint8, [count].</param>
internal sealed record IdxPair(byte[] Images, int Height, int Width, byte[] Labels)
{
    /// <summary>The number of examples.</summary>
    public int Count => Labels.Length;

    /// <summary>Reads <c>NAME-images-idx3-ubyte</c> and <c>NAME-labels-idx1-ubyte</c>, under any of their spellings.</summary>
    /// <param name="folder">Where the files lie.</param>
    /// <param name="name"><c>train</c> or <c>t10k</c>.</param>
    /// <exception cref="DataException">A file is missing or damaged, or the two do not belong together.</exception>
    public static IdxPair Read(string folder, string name)
    {
        // Before anything is unpacked, which may be a thousand times as much as the files are.
        _ = Shape(folder, name);
        var (images, labels) = (ReadFile(folder, $"{name}-images", rank: 3, IdxFile.Read), ReadFile(folder, $"{name}-labels", rank: 1, IdxFile.Read));
        return new IdxPair(images.Data, images.Shape[1], images.Shape[2], labels.Data);
    }

    /// <summary>How many images a pair has and of what size, as the headers of both files state it.</summary>
    /// <param name="folder">Where the files lie.</param>
    /// <param name="name"><c>train</c> or <c>t10k</c>.</param>
    /// <exception cref="DataException">A file is missing or damaged, or the two do not belong together.</exception>
    public static (int Count, int Height, int Width) Shape(string folder, string name)
    {
        var (images, labels) = (ReadFile(folder, $"{name}-images", rank: 3, IdxFile.ReadShape), ReadFile(folder, $"{name}-labels", rank: 1, IdxFile.ReadShape));
        if (images[0] != labels[0])
            throw new DataException(
                $"{Path.GetFullPath(folder)}: {name} has {images[0]} images but {labels[0]} labels. "
                + "They must be as many: the two files come from different sets, fetch both again.");
        if (images.Contains(0))
            throw new DataException($"{Path.GetFullPath(folder)}: {name}-images holds no images. Fetch the files again.");
        return (images[0], images[1], images[2]);
    }

    private static T ReadFile<T>(string folder, string stem, int rank, Func<string, T> read)
    {
        var path = Find(folder, stem, rank);
        try
        {
            var shape = IdxFile.ReadShape(path);
            return shape.Length == rank
                ? read(path)
                : throw new DataException($"{path}: expected {rank} dimensions, but it has {shape.Length}. Is it another file under this name?");
        }
        catch (FileFormatException e)
        {
            throw new DataException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static string Find(string folder, string stem, int rank)
    {
        var absolute = Path.GetFullPath(folder);
        string[] names =
        [
            $"{stem}-idx{rank}-ubyte", $"{stem}-idx{rank}-ubyte.gz",
            $"{stem}.idx{rank}-ubyte", $"{stem}.idx{rank}-ubyte.gz",
        ];
        var found = names.Select(name => Path.Combine(absolute, name)).FirstOrDefault(File.Exists);
        if (found is not null)
            return found;

        var missing = Directory.Exists(absolute) ? $"{absolute} has none of {string.Join(", ", names)}" : $"There is no folder {absolute}";
        throw new DataException(
            $"{missing}. `scripts/get-mnist.sh {absolute}` downloads MNIST there; "
            + "files that are elsewhere are named by task.dataset.folder=FOLDER.");
    }
}
