using OpticalQAT.Configuration;

namespace OpticalQAT.Data;

/// <summary>A source of images: where the examples of an experiment come from.</summary>
[Family("dataset")]
public abstract record DatasetKind : Variant
{
    /// <summary>
    /// Reads or makes the splits that are asked for, and touches no other. The same choices and seed give the same examples
    /// in the same order, whichever splits are read beside them. The tensors are the caller's: one made inside a dispose
    /// scope ends with it.
    /// </summary>
    /// <exception cref="DataException">A file is missing or damaged; the message says where, what and how to mend it.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public abstract Dataset Load(DataRequest request);

    /// <summary>Reads or makes all three splits.</summary>
    /// <exception cref="DataException">A file is missing or damaged; the message says where, what and how to mend it.</exception>
    public Dataset Load() => Load(DataRequest.All);

    /// <summary>
    /// Pixels that would be drawn for a split, by a description alone; 0 where they are read from files that lie there. Work
    /// that a model's file may ask for without its user's knowing is bounded by it.
    /// </summary>
    /// <param name="split">One split.</param>
    internal virtual long PixelsDrawn(Splits split) => 0;

    /// <summary>The same choices with a digest of the examples in place of the folder that they are read from: what a result depends on.</summary>
    internal virtual DatasetKind ByContent() => this;
}
