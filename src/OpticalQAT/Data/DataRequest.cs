namespace OpticalQAT.Data;

/// <summary>The parts of a dataset.</summary>
[Flags]
public enum Splits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The examples to learn from.</summary>
    Train = 1,

    /// <summary>The examples by which the best model is chosen.</summary>
    Validation = 2,

    /// <summary>The examples that are reported.</summary>
    Test = 4,

    /// <summary>All three.</summary>
    All = Train | Validation | Test,
}

/// <summary>A request for parts of a dataset: each verb reads the splits that it uses.</summary>
/// <param name="Splits">The splits.</param>
/// <param name="Cancellation">Stops the reading or the making of examples.</param>
public sealed record DataRequest(Splits Splits, CancellationToken Cancellation = default)
{
    private const double ShareOfMemory = 0.8; // the model, its fields and the system need the rest

    /// <summary>All three splits.</summary>
    public static DataRequest All { get; } = new(Splits.All);

    /// <summary>
    /// The names of the classes in the order of their labels, where a trained model knows them: labels of the data are
    /// then those of the model, also where a split lacks a class. Null takes them from the data.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Bytes that the examples may take while they are read; by default four fifths of the memory that the machine, or the container, has.</summary>
    public double Memory { get; init; } = ShareOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The outline of a split that was asked for; null where it was not.</summary>
    public SplitOutline? Look(Splits split, Func<SplitOutline> look)
    {
        Cancellation.ThrowIfCancellationRequested();
        return Splits.HasFlag(split) ? look() : null;
    }

    /// <summary>A split that was asked for, from its maker; null where it was not.</summary>
    public Examples? Make(Splits split, Func<Examples> make)
    {
        Cancellation.ThrowIfCancellationRequested();
        return Splits.HasFlag(split) ? make() : null;
    }
}
