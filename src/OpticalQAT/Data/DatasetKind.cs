using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Data;

/// <summary>A source of labelled images: where the examples of an experiment come from.</summary>
[Family("dataset")]
public abstract record DatasetKind : Variant
{
    /// <summary>
    /// Reads or makes all three splits. The same choices and seed give the same examples in the same order. The tensors
    /// are the caller's: one made inside a dispose scope ends with it.
    /// </summary>
    /// <exception cref="DataException">A file is missing or damaged; the message says where, what and how to mend it.</exception>
    public abstract Dataset Load();
}

/// <summary>The three splits of a dataset, and the names of its classes.</summary>
public sealed record Dataset(Split Train, Split Validation, Split Test, string[] ClassNames);

/// <summary>Examples in the host's memory.</summary>
/// <param name="Images">uint8, [count, height, width], 0 is dark.</param>
/// <param name="Labels">int64, [count], the index of the class.</param>
public sealed record Split(Tensor Images, Tensor Labels)
{
    /// <summary>The number of examples.</summary>
    public long Count => Labels.shape[0];

    /// <summary>Copies examples into tensors.</summary>
    /// <param name="images">uint8, [count, height, width], row by row.</param>
    /// <param name="height">Pixels from top to bottom.</param>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="labels">The classes, [count].</param>
    public static Split FromArrays(byte[] images, int height, int width, long[] labels) =>
        new(tensor(images, [labels.Length, height, width], ScalarType.Byte), tensor(labels));
}

/// <summary>Input data cannot be read. The message says where, what and how to mend it.</summary>
public sealed class DataException(string message, Exception? inner = null) : Exception(message, inner);
