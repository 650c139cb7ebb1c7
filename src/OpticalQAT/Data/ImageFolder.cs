using OpticalQAT.Configuration;
using SkiaSharp;

namespace OpticalQAT.Data;

/// <summary>
/// Pictures in folders: <c>train</c>, <c>val</c> and <c>test</c>, each with PNG, JPEG, BMP, GIF or WebP files, or with
/// a folder of them for each class, named like the class. Colours become their luma (0.299 R + 0.587 G + 0.114 B);
/// what is transparent is dark.
/// </summary>
[Kind("image_folder")]
public sealed record ImageFolder : DatasetKind
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"];

    /// <summary>The folder of <c>train</c>, <c>val</c> and <c>test</c>. A relative path starts at the working directory.</summary>
    [LocalPath]
    public required string Folder { get; init; }

    /// <inheritdoc/>
    public override Dataset Load(DataRequest request)
    {
        var size = new ImageSize();
        var classes = request.ClassNames?.ToArray() ?? Classes(request.Splits.HasFlag(Splits.Train) ? "train" : request.Splits.HasFlag(Splits.Validation) ? "val" : "test");
        return new Dataset(
            request.Make(Splits.Train, () => Read("train", classes, size, request.ClassNames is not null)),
            request.Make(Splits.Validation, () => Read("val", classes, size, request.ClassNames is not null)),
            request.Make(Splits.Test, () => Read("test", classes, size, request.ClassNames is not null)),
            classes);
    }

    /// <inheritdoc/>
    internal override DatasetKind ByContent() => this with { Folder = FolderContent.Digest(nameof(ImageFolder), Folder, Content) };

    private IEnumerable<ReadOnlyMemory<byte>> Content() => FolderContent.Of(
        Path.GetFullPath(Folder),
        ((string[])["train", "val", "test"]).SelectMany(split =>
        {
            var (folder, classes) = (Path.Combine(Path.GetFullPath(Folder), split), Classes(split));
            return classes.Length == 0 ? Pictures(folder) : classes.SelectMany(name => Pictures(Path.Combine(folder, name)));
        }));

    /// <summary>The classes, which are folders in a split; none where the pictures lie in the split's folder itself.</summary>
    private string[] Classes(string split)
    {
        var folder = Path.Combine(Path.GetFullPath(Folder), split);
        if (!Directory.Exists(folder))
            throw new DataException($"There is no folder {folder}. A set has train, val and test, each with pictures or with a folder of pictures for each class; task.dataset.folder=FOLDER names another one.");
        string[] classes = [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];
        if (classes.Length > 0 && Pictures(folder).Length > 0)
            throw new DataException($"{folder} holds both pictures and folders. Put every picture into the folder of its class, or have no folders.");
        return classes;
    }

    private Split Read(string split, string[] classes, ImageSize size, bool areOfAModel)
    {
        var found = Classes(split);
        if (areOfAModel && (found.Length == 0 || found.Except(classes, StringComparer.Ordinal).Any()))
            throw new DataException($"{Path.GetFullPath(Folder)}: the model was trained on {Named(classes)}, but {split} has {Named(found)}. Name the folders as the model's classes.");
        if (!areOfAModel && !found.SequenceEqual(classes, StringComparer.Ordinal))
            throw new DataException($"{Path.GetFullPath(Folder)}: train has {Named(classes)}, but {split} has {Named(found)}. All splits need the same classes.");
        var folder = Path.Combine(Path.GetFullPath(Folder), split);
        (string Path, long Label)[] files = classes.Length == 0
            ? [.. Pictures(folder).Select(path => (path, 0L))]
            : [.. classes.Index().Where(known => found.Contains(known.Item, StringComparer.Ordinal)).SelectMany(known => Pictures(Path.Combine(folder, known.Item)).Select(path => (path, (long)known.Index)))];
        if (files.Length == 0)
            throw new DataException($"{folder} holds no pictures; the endings {string.Join(", ", Endings)} are read.");
        byte[][] images = [.. files.Select(file => Decode(file.Path, size))];
        using var first = SKBitmap.Decode(files[0].Path);
        return Split.FromArrays([.. images.SelectMany(image => image)], first.Height, first.Width, [.. files.Select(file => file.Label)]);
    }

    private static string[] Pictures(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(path => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];

    private static byte[] Decode(string path, ImageSize size)
    {
        using var bitmap = SKBitmap.Decode(path)
            ?? throw new DataException($"{path} is no picture that can be read: it is damaged, or another format under this ending. Take it out of the set, or save it as PNG.");
        size.Expect(path, bitmap.Height, bitmap.Width);
        return [.. bitmap.Pixels.Select(pixel => (byte)Math.Round(pixel.Alpha / 255.0 * (0.299 * pixel.Red + 0.587 * pixel.Green + 0.114 * pixel.Blue)))];
    }

    private static string Named(string[] classes) => classes.Length == 0 ? "no classes" : "the classes " + string.Join(", ", classes);
}
