namespace OpticalQAT.Training;

/// <summary>A line of <c>metrics.jsonl</c> on an epoch. Metrics are fractions.</summary>
public sealed record EpochRecord
{
    /// <summary><c>full_precision</c> or <c>quantized</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>The epoch in its phase, from 1; 0 is the state before the phase's first step.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps of the whole run so far.</summary>
    public required long Step { get; init; }

    /// <summary>The mean training loss of the epoch; null before the first step.</summary>
    public double? Loss { get; init; }

    /// <summary>The learning rate at the end of the epoch.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Metrics on the validation split at hard levels.</summary>
    public required IReadOnlyDictionary<string, double> Validation { get; init; }

    /// <summary>The same for the soft forward of training; null where the forward is hard anyway.</summary>
    public IReadOnlyDictionary<string, double>? SoftValidation { get; init; }

    /// <summary>The cost of the quantizer when it was switched on, before the first step through it; null at all other times.</summary>
    public SwitchedOn? SwitchedOn { get; init; }

    /// <summary>Seconds of training in this epoch.</summary>
    public double? Seconds { get; init; }

    /// <summary>Training images a second, validation left out.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>The most memory of the host that the process has held so far, in bytes.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>The memory in use on the CUDA device after the epoch, in bytes, by all processes; null on a CPU.</summary>
    public long? DeviceMemory { get; init; }
}
