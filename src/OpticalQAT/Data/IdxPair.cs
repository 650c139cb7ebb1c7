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
        // Before anything is unpacked, which may be a thousand times as much as the files are.
        _ = Shape(set, split);
        var path = set.File(split, "images");
        var images = FolderFiles.Read(path, IdxFile.Read);
        return images.Type == IdxType.UnsignedByte
            ? new IdxPair(images.Data, images.Shape[1], images.Shape[2], ReadLabels(set, split))
            : throw new DataException($"{path}: its elements are of type 0x{(int)images.Type:x2}, but images are read as unsigned bytes (0x08). Is it another file under this name?");
    }

    /// <summary>The number of images of a split and their size, as the headers of both files state it.</summary>
    /// <exception cref="DataException">A file is missing or damaged, or the two do not belong together.</exception>
    public static (int Count, int Height, int Width) Shape(MnistSet set, string split)
    {
        var path = set.File(split, "images");
        var images = FolderFiles.Read(path, IdxFile.ReadShape);
        if (images.Length != 3)
            throw Rank(path, 3, images);
        var labels = LabelShape(set.File(split, "labels"))[0];
        if (images[0] != labels)
            throw new DataException(
                $"{set.Folder}: {set.Stem(split)} has {images[0]} images but {labels} labels. "
                + "They must be as many: the two files come from different sets, fetch both again.");
        if (images.Contains(0))
            throw new DataException($"{set.Folder}: {set.Stem(split)}-images holds no images. Fetch the files again.");
        return (images[0], images[1], images[2]);
    }

    /// <summary>Reads the labels of a split, of any integer type; of QMNIST's columns the first.</summary>
    /// <exception cref="DataException">The file is missing or damaged, or holds no labels.</exception>
    public static int[] ReadLabels(MnistSet set, string split)
    {
        var path = set.File(split, "labels");
        var columns = LabelShape(path) is [_, var several] ? several : 1;
        var file = FolderFiles.Read(path, IdxFile.Read);
        if (columns > 1 && file.Type != IdxType.Int)
            throw Columns(path, file.Shape);
        var labels = new int[file.Shape[0]];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = file[i * columns];
            if (labels[i] < 0)
                throw new DataException($"{path}: example {i} has the label {labels[i]}, and labels are not negative. The file is damaged, or holds something else.");
        }
        return labels;
    }

    /// <summary>The sizes of a file of labels: one label for each image, or QMNIST's columns.</summary>
    private static int[] LabelShape(string path)
    {
        var shape = FolderFiles.Read(path, IdxFile.ReadShape);
        return shape switch
        {
            [_] or [_, QmnistColumns] => shape,
            [_, _] => throw Columns(path, shape),
            _ => throw Rank(path, 1, shape),
        };
    }

    private static DataException Columns(string path, int[] shape) => new(
        $"{path}: its shape is [{shape[0]}, {shape[1]}]. Labels are one number for each image, or QMNIST's {QmnistColumns} columns of 32 bits, of which the first is the class. Write the numbers of the classes.");

    private static DataException Rank(string path, int expected, int[] shape) => new(
        $"{path}: expected {expected} {(expected == 1 ? "dimension" : "dimensions")}, but it has {shape.Length}. Is it another file under this name?");
}
