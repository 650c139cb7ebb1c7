using System.Text.Json.Serialization;

namespace OpticalQAT.Runs;

/// <summary>
/// <c>summary.json</c>: the result of a run. Names and order are a contract that others script against. Every metric
/// is a fraction, measured at hard levels.
/// </summary>
public sealed record Summary
{
    /// <summary>The experiment's name.</summary>
    public required string Name { get; init; }

    /// <summary>The run's id: start time and four hex digits of the configuration's hash.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of the task.</summary>
    public required string Task { get; init; }

    /// <summary>The device, for example <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Threads that computed.</summary>
    public required int Threads { get; init; }

    /// <summary>The kind of the quantizer.</summary>
    public required string Quantizer { get; init; }

    /// <summary>The gradient domain; null in full precision.</summary>
    public required string? Gradient { get; init; }

    /// <summary>The level count of each layer; null in full precision.</summary>
    public required int[]? Levels { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The epochs of each phase.</summary>
    public required PhaseEpochs Epochs { get; init; }

    /// <summary>Optimizer steps of the whole run.</summary>
    public required long Steps { get; init; }

    /// <summary>Seconds from start to result, over all processes of a resumed run.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images a second, over the time spent training.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The result on the test split.</summary>
    public required IReadOnlyDictionary<string, double> Test { get; init; }

    /// <summary>The same model on the validation split: score and loss.</summary>
    public required IReadOnlyDictionary<string, double> Validation { get; init; }

    /// <summary>The best model of the full-precision phase on the test split, and the steps it took; null where there is none.</summary>
    public required IReadOnlyDictionary<string, double>? FullPrecision { get; init; }

    /// <summary>That model rounded to the level table, on the test split; null where there is none.</summary>
    public required IReadOnlyDictionary<string, double>? PostTraining { get; init; }

    /// <summary>The metrics of the light without any mask, the read-out fitted on the training split; left out for tasks whose read-out has nothing to fit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? FreeSpace { get; init; }

    /// <summary>A digest of the examples, <c>sha256:</c> and 64 hexadecimal digits: runs of one digest met the same. Null in a run of an earlier version.</summary>
    public string? Data { get; init; }
}

/// <summary>Epochs of the two phases.</summary>
public sealed record PhaseEpochs(int FullPrecision, int Quantized);
