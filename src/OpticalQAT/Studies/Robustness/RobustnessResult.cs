using System.Text.Json.Serialization;
using OpticalQAT.Tasks;

namespace OpticalQAT.Studies.Robustness;

/// <summary><c>robustness.json</c>: how several designs fare on the same fabricated devices. Scores are those of the test split at hard levels.</summary>
public sealed record RobustnessResult
{
    /// <summary>The plan's name.</summary>
    public required string Plan { get; init; }

    /// <summary>Its seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The metric that is the score; in the file its name.</summary>
    [JsonConverter(typeof(MetricNameConverter))]
    public required Metric Score { get; init; }

    /// <summary>The number of examples of the test split that count.</summary>
    public required long Examples { get; init; }

    /// <summary>The designs, in the order in which they were given.</summary>
    public required DesignResult[] Runs { get; init; }
}

/// <summary>One design on all devices.</summary>
public sealed record DesignResult
{
    /// <summary>Its name: its experiment's, with a number where two have the same.</summary>
    public required string Name { get; init; }

    /// <summary>The run or the model file.</summary>
    public required string Path { get; init; }

    /// <summary>The level count of each layer; null in full precision.</summary>
    public required int[]? Levels { get; init; }

    /// <summary>The metrics without any error.</summary>
    public required IReadOnlyDictionary<string, double> Nominal { get; init; }

    /// <summary>A curve for each error that was swept.</summary>
    public required SweepResult[] Sweeps { get; init; }

    /// <summary>The yield; null where the plan asks for none.</summary>
    public required YieldResult? Yield { get; init; }
}

/// <summary>A score against one error.</summary>
/// <param name="Error">The error's kind.</param>
/// <param name="Description">The error as the plan has it.</param>
/// <param name="Unit">The unit of its amounts.</param>
/// <param name="Points">By rising strength.</param>
public sealed record SweepResult(string Error, string Description, string Unit, SweepPoint[] Points);

/// <summary>The devices at one strength of an error.</summary>
public sealed record SweepPoint
{
    /// <summary>The factor of the error.</summary>
    public required double Strength { get; init; }

    /// <summary>The size of the error at that factor, in the sweep's unit.</summary>
    public required double Amount { get; init; }

    /// <summary>The mean score.</summary>
    public required double Mean { get; init; }

    /// <summary>Its 95 % interval; null for one device.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>By how much the mean is worse than the score without errors.</summary>
    public required double Loss { get; init; }

    /// <summary>The score of each device, in the devices' order.</summary>
    public required double[] Scores { get; init; }

    /// <summary>The means of all metrics.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
}

/// <summary>The yield: the devices that are good enough.</summary>
public sealed record YieldResult
{
    /// <summary>The score that a device must reach.</summary>
    public required double Threshold { get; init; }

    /// <summary>The number of devices that were tried.</summary>
    public required int Devices { get; init; }

    /// <summary>The number that reached the threshold.</summary>
    public required int Good { get; init; }

    /// <summary>Their share.</summary>
    public required double Yield { get; init; }

    /// <summary>Wilson's 95 % interval of the share.</summary>
    public required Interval Interval { get; init; }

    /// <summary>The mean score.</summary>
    public required double Mean { get; init; }

    /// <summary>The score of each device, in the devices' order.</summary>
    public required double[] Scores { get; init; }
}
