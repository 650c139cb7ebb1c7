using OpticalQAT.Data;

namespace OpticalQAT.Runs;

/// <summary>Number of examples in each split.</summary>
public sealed record ExampleCounts(long Train, long Validation, long Test)
{
    /// <summary>Those of a dataset of which all splits were read.</summary>
    public static ExampleCounts Of(Dataset data) => new(data.Train.Count, data.Validation.Count, data.Test.Count);

    /// <summary>The number of the largest split.</summary>
    internal long Largest => Math.Max(Train, Math.Max(Validation, Test));
}
