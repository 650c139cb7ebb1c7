using System.Text.Json.Serialization;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;

namespace OpticalQAT.Studies.Comparison;

/// <summary>
/// <c>comparison.json</c>: the table of a comparison. Scores are fractions, at hard levels, on the test split. Names
/// and order of the members are a contract that others script against.
/// </summary>
public sealed record ComparisonResult
{
    /// <summary>The comparison's name.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>The metric that the scores are; in the file its name.</summary>
    [JsonConverter(typeof(MetricNameConverter))]
    public required Metric Score { get; init; }

    /// <summary>The seeds.</summary>
    public required int[] Seeds { get; init; }

    /// <summary>Examples of each split; null where the dataset cannot be read any more.</summary>
    public required ExampleCounts? Examples { get; init; }

    /// <summary>Training steps of every row, phase one included.</summary>
    public required long Steps { get; init; }

    /// <summary>The settings searched through for every row; null where none were.</summary>
    public required ComparedSearch? Search { get; init; }

    /// <summary>The rows: full precision first, then for each level table the rounding and the methods.</summary>
    public required ComparedRow[] Rows { get; init; }

    /// <summary>Seconds that all cells took together, in however many processes.</summary>
    public required double Seconds { get; init; }

    /// <summary>Cells that did not come to a result.</summary>
    public int Failed => Rows.Sum(row => row.Scores.Count(score => score.Failure is not null));
}

/// <summary>The settings searched through, and the seed of the search. The choice falls on the best validation score.</summary>
public sealed record ComparedSearch(int Seed, double[] LearningRates, string[] Schedules);

/// <summary>A row of the table.</summary>
public sealed record ComparedRow
{
    /// <summary><c>full_precision</c>, <c>post_training</c> or <c>method</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of the quantizer; null where nothing is trained through levels.</summary>
    public required string? Quantizer { get; init; }

    /// <summary>The gradient domain; null where nothing is trained through levels.</summary>
    public required string? Gradient { get; init; }

    /// <summary>The name of its level table; null in full precision.</summary>
    public required string? Levels { get; init; }

    /// <summary>The number of levels; null in full precision.</summary>
    public required int? LevelCount { get; init; }

    /// <summary>Epochs of phase one.</summary>
    public required int FullPrecisionEpochs { get; init; }

    /// <summary>Epochs of phase two.</summary>
    public required int QuantizedEpochs { get; init; }

    /// <summary>Index of the row that it is compared with; null for a reference itself.</summary>
    public required int? Reference { get; init; }

    /// <summary>The learning rate of phase two, as chosen or as given.</summary>
    public required double? LearningRate { get; init; }

    /// <summary>The schedule of that learning rate, in YAML.</summary>
    public required string? Schedule { get; init; }

    /// <summary>The mean score over the seeds that have one; null where none has.</summary>
    public double? Mean => Values.Length > 0 ? Statistics.Mean(Values) : null;

    /// <summary>Its 95 % interval by Student's t; null below two seeds.</summary>
    public Interval? MeanInterval => Statistics.OfMean(Values);

    /// <summary>The mean difference to the reference, seed by seed; null for a reference.</summary>
    public double? Difference => Differences.Length > 0 ? Statistics.Mean(Differences) : null;

    /// <summary>Its 95 % interval by Student's t over the pairs; null below two.</summary>
    public Interval? DifferenceInterval => Statistics.OfMean(Differences);

    /// <summary>The seeds one by one.</summary>
    public required ComparedScore[] Scores { get; init; }

    /// <summary>The candidates tried with the search's seed; empty where nothing was searched for.</summary>
    public required SearchedCandidate[] Searched { get; init; }

    private double[] Values => [.. Scores.Select(score => score.Score).OfType<double>()];

    private double[] Differences => [.. Scores.Select(score => score.Difference).OfType<double>()];
}

/// <summary>A row's result with one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Score">The score on the test split; null where the cell failed.</param>
/// <param name="Difference">The score minus that of the reference with the same seed; null where there is none.</param>
/// <param name="Validation">The score on the validation split; null where none was measured.</param>
/// <param name="Metrics">All metrics on the test split.</param>
/// <param name="Seconds">The seconds that the cell took, the model that it starts from not included.</param>
/// <param name="Run">The cell's run directory.</param>
/// <param name="Failure">The reason why there is no score; null where there is one.</param>
public sealed record ComparedScore(
    int Seed, double? Score, double? Difference, double? Validation, IReadOnlyDictionary<string, double> Metrics, double Seconds, string Run, string? Failure);

/// <summary>One point of the search.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Schedule">Its schedule.</param>
/// <param name="Validation">The validation score that the choice goes by; null where the cell failed.</param>
/// <param name="IsChosen">Whether it was chosen.</param>
/// <param name="Failure">The reason why there is no score; null where there is one.</param>
public sealed record SearchedCandidate(double LearningRate, string Schedule, double? Validation, bool IsChosen, string? Failure);
