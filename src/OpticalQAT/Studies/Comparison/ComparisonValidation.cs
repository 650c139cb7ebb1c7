using OpticalQAT.Checks;
using OpticalQAT.Configuration;

namespace OpticalQAT.Studies.Comparison;

/// <summary>Everything that can be said of a comparison without training anything.</summary>
public sealed record ComparisonValidation
{
    /// <summary>The comparison's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can run: no finding is an error.</summary>
    public bool IsValid => !Findings.Any(finding => finding.IsError);

    /// <summary>Errors and doubts of any of its experiments, errors first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The rows of its table in words.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Runs that it takes, those of the search included.</summary>
    public required int Cells { get; init; }

    /// <summary>Those of them that are finished.</summary>
    public required int Finished { get; init; }

    /// <summary>Seconds that the others will take on this machine; null where an error or a missing dataset prevents the estimate.</summary>
    public required double? Seconds { get; init; }

    /// <summary>Examines all experiments of a comparison, and measures a few steps of one of them.</summary>
    /// <param name="plan">The comparison.</param>
    /// <param name="isQuick">Measures nothing.</param>
    /// <param name="cancellation">Stops it.</param>
    public static ComparisonValidation Of(ComparisonPlan plan, bool isQuick = false, CancellationToken cancellation = default)
    {
        var cells = plan.Cells(_ => 0);
        var open = cells.Where(cell => cell.Find() is not { IsFinished: true }).ToArray();
        var sample = Validation.Of(plan.Settings.First(setting => setting.Role == ComparedRole.Method).Experiment, isQuick, cancellation);
        return new ComparisonValidation
        {
            Name = plan.Comparison.Name,
            Findings = [.. plan.Examine().Concat(sample.Findings).Distinct().OrderByDescending(finding => finding.IsError)],
            Rows = [.. plan.Settings.Select(setting => setting.Title)],
            Cells = cells.Count,
            Finished = cells.Count - open.Length,
            Seconds = sample is { Estimate: { Seconds: not null } estimate, Examples.Train: var train } ? open.Sum(cell => SecondsOf(cell, estimate, train)) : null,
        };
    }

    /// <summary>Its steps, and around them what a whole run spends on evaluation.</summary>
    private static double SecondsOf(ComparisonCell cell, TrainingEstimate estimate, long train)
    {
        var training = cell.Experiment.Training;
        var steps = (train + training.BatchSize - 1) / training.BatchSize;
        var inSteps = steps * (training.FullPrecision.Epochs * estimate.FullPrecisionStepSeconds + training.Quantized.Epochs * estimate.QuantizedStepSeconds);
        var around = estimate.Seconds!.Value - estimate.Steps!.Value * Math.Max(estimate.FullPrecisionStepSeconds, estimate.QuantizedStepSeconds);
        return inSteps + Math.Max(0, around);
    }
}
