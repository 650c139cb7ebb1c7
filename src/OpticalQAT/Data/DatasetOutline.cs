namespace OpticalQAT.Data;

/// <summary>The outline of a dataset, from names and headers alone: no example has been read.</summary>
public sealed record DatasetOutline
{
    /// <summary>The examples to learn from; null where they were not asked for.</summary>
    public SplitOutline? Train { get; init; }

    /// <summary>The examples by which the best model is chosen; null where they were not asked for.</summary>
    public SplitOutline? Validation { get; init; }

    /// <summary>The examples that are reported; null where they were not asked for.</summary>
    public SplitOutline? Test { get; init; }

    /// <summary>The names of the classes in the order of their labels, none where examples have no classes; null where only the examples tell.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Bytes that reading takes for a while beside the examples.</summary>
    public double WorkingBytes { get; init; }

    /// <summary>The changes to the examples that their files do not say, in whole sentences; none where they are taken as they are.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The splits that were asked for, with what they are.</summary>
    public IEnumerable<(Splits What, SplitOutline Split)> Splits =>
        from part in new[] { (Data.Splits.Train, Train), (Data.Splits.Validation, Validation), (Data.Splits.Test, Test) }
        where part.Item2 is not null
        select (part.Item1, part.Item2);

    /// <summary>The most bytes that there are at once while the examples are read.</summary>
    public double PeakBytes => WorkingBytes + Splits.Sum(part => part.Split.Bytes);

    /// <summary>The same examples made square, which takes as much again while it is done.</summary>
    internal DatasetOutline Fitted(SquareFit fit)
    {
        if (Splits.All(part => part.Split.IsSquare))
            return this;
        if (fit == SquareFit.Stretch)
            return this with { Remarks = [.. Remarks, $"Examples of {Splits.First().Split.Size} pixels are squeezed into the square of the object, out of shape (task.dataset.fit: stretch)."] };
        var (before, after) = (Splits.First().Split, Splits.First().Split.Fitted(fit));
        return this with
        {
            Train = Train?.Fitted(fit),
            Validation = Validation?.Fitted(fit),
            Test = Test?.Fitted(fit),
            WorkingBytes = WorkingBytes + Splits.Sum(part => part.Split.Bytes),
            Remarks =
            [
                .. Remarks,
                fit == SquareFit.Pad
                    ? $"Examples of {before.Size} pixels are padded to {after.Size} with darkness, or what is clear (task.dataset.fit: pad; crop and stretch are the others)."
                    : $"The middle of {after.Size} pixels is cut out of examples of {before.Size} (task.dataset.fit: crop).",
            ],
        };
    }
}

/// <summary>The outline of a split.</summary>
/// <param name="Count">Examples.</param>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
/// <param name="BytesPerPixel">Bytes of a pixel in memory, 1 for a brightness, 4 for a phase, as many again for an amplitude.</param>
public sealed record SplitOutline(long Count, long Height, long Width, int BytesPerPixel = 1)
{
    /// <summary>Bytes of all examples.</summary>
    public double Bytes => (double)Count * Height * Width * BytesPerPixel;

    /// <summary>Whether the examples are phases in radians, not brightness.</summary>
    public bool HasPhases => BytesPerPixel >= sizeof(float);

    /// <summary>Whether each phase has an amplitude beside it.</summary>
    public bool HasAmplitudes => BytesPerPixel >= 2 * sizeof(float);

    /// <summary>Whether an example is a square.</summary>
    public bool IsSquare => Height == Width;

    /// <summary>The size of an example, height × width.</summary>
    public string Size => $"{Height} × {Width}";

    /// <summary>The same with square examples.</summary>
    internal SplitOutline Fitted(SquareFit fit) => fit switch
    {
        SquareFit.Pad => this with { Height = Math.Max(Height, Width), Width = Math.Max(Height, Width) },
        SquareFit.Crop => this with { Height = Math.Min(Height, Width), Width = Math.Min(Height, Width) },
        _ => this,
    };
}
