using OpticalQAT.Data;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

/// <summary>The record of a run besides its model.</summary>
public sealed record RunRecord
{
    /// <summary>Every epoch measured so far.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The test metrics of the full-precision phase's best model; null where there is none, or not yet.</summary>
    public IReadOnlyDictionary<string, double>? FullPrecision { get; init; }

    /// <summary>The test metrics of that model rounded to the levels; null where there is none, or not yet.</summary>
    public IReadOnlyDictionary<string, double>? PostTraining { get; init; }

    /// <summary>The result; null for a run that is not finished.</summary>
    public Summary? Summary { get; init; }

    /// <summary>The digest of the run's examples; null where the run does not know it.</summary>
    public DataDigest? Data { get; init; }

    /// <summary>A remark that a reader needs before the numbers: that the run is not finished, and where it stands.</summary>
    public string? Remark { get; init; }
}
