using OpticalQAT.Formats;

namespace OpticalQAT.Data;

/// <summary>The images and labels of one split in a pair of IDX files, as they stand there.</summary>
/// <param name="Images">uint8, [count, height, width], row by row.</param>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
/// <param name="Labels">[count], from 0.</param>
internal sealed record IdxPair(byte[] Images, int Height, int Width, int[] Labels)
{
    private const int QmnistColumns = 8; // the class, then who wrote the digit and where NIST has it

    /// <summary>The number of examples.</summary>
    public int Count => Labels.Length;

    /// <summary>Reads the images and labels of a split.</summary>
    /// <param name="set">The files.</param>
    /// <param name="split"><see cref="MnistSet.Train"/> or <see cref="MnistSet.Test"/>.</param>
    /// <exception cref="DataException">A file is missing or damaged, or the two do not belong together.</exception>
    public static IdxPair Read(MnistSet set, string split)
    {
        var images = ReadImages(set.File(split, "images"));
        var labels = ReadLabels(set, split);
        if (images.Shape[0] != labels.Length)
            throw new DataException(
                $"{set.Folder}: {set.Stem(split)} has {images.Shape[0]} images but {labels.Length} labels. "
                + "They must be as many: the two files come from different sets, fetch both again.");
        if (images.Data.Length == 0)
            throw new DataException($"{set.Folder}: {set.Stem(split)}-images holds no images. Fetch the files again.");
        return new IdxPair(images.Data, images.Shape[1], images.Shape[2], labels);
    }

    /// <summary>Reads the labels of a split, of any integer type; of QMNIST's columns the first.</summary>
    /// <exception cref="DataException">The file is missing or damaged, or holds no labels.</exception>
    public static int[] ReadLabels(MnistSet set, string split)
    {
        var path = set.File(split, "labels");
        var file = ReadFile(path);
        var columns = file switch
        {
            { Shape.Length: 1 } => 1,
            { Shape: [_, QmnistColumns], Type: IdxType.Int } => QmnistColumns,
            { Shape: [_, var many] } => throw new DataException(
                $"{path}: its shape is [{file.Shape[0]}, {many}]. Labels are one number for each image, or QMNIST's {QmnistColumns} columns of 32 bits, of which the first is the class. Write the numbers of the classes."),
            _ => throw Rank(path, 1, file),
        };
        var labels = new int[file.Shape[0]];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = file[i * columns];
            if (labels[i] < 0)
                throw new DataException($"{path}: example {i} has the label {labels[i]}, and labels are not negative. The file is damaged, or holds something else.");
        }
        return labels;
    }

    private static IdxFile ReadImages(string path)
    {
        var file = ReadFile(path);
        if (file.Shape.Length != 3)
            throw Rank(path, 3, file);
        return file.Type == IdxType.UnsignedByte ? file
            : throw new DataException($"{path}: its elements are of type 0x{(int)file.Type:x2}, but images are read as unsigned bytes (0x08). Is it another file under this name?");
    }

    private static IdxFile ReadFile(string path)
    {
        try
        {
            return IdxFile.Read(path);
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

    private static DataException Rank(string path, int expected, IdxFile file) => new(
        $"{path}: expected {expected} {(expected == 1 ? "dimension" : "dimensions")}, but it has {file.Shape.Length}. Is it another file under this name?");
}
