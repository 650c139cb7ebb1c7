using OpticalQAT.Configuration;

namespace OpticalQAT.Data;

/// <summary>A source of images: where the examples of an experiment come from.</summary>
[Family("dataset")]
public abstract record DatasetKind : Variant
{
    /// <summary>
    /// Reads or makes all three splits. The same choices and seed give the same examples in the same order. The tensors
    /// are the caller's: one made inside a dispose scope ends with it.
    /// </summary>
    /// <exception cref="DataException">A file is missing or damaged; the message says where, what and how to mend it.</exception>
    public abstract Dataset Load();

    /// <summary>The same choices with a digest of the examples in place of the folder that they are read from: what a result depends on.</summary>
    internal virtual DatasetKind ByContent() => this;
}

/// <summary>The three splits of a dataset, and the names of its classes; none where its examples have no classes.</summary>
public sealed record Dataset(Split Train, Split Validation, Split Test, string[] ClassNames);

/// <summary>Input data cannot be read. The message says where, what and how to mend it.</summary>
public sealed class DataException(string message, Exception? inner = null) : Exception(message, inner);
