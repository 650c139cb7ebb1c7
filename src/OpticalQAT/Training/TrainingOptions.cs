using OpticalQAT.Configuration;
using OpticalQAT.Schedules;

namespace OpticalQAT.Training;

/// <summary>The training of the heights: in full precision first, then through the quantizer.</summary>
public sealed record TrainingOptions
{
    /// <summary>Examples in a step.</summary>
    [AtLeast(1), AtMost(1_000_000)]
    public int BatchSize { get; init; } = 64;

    /// <summary>A run directory, the folder of all runs of a name for the newest of them, or a model file, whose heights training starts from; null starts from the mask's initial heights.</summary>
    [LocalPath]
    public string? StartFrom { get; init; }

    /// <summary>Phase one, in full precision. Its best model is the baseline of the run.</summary>
    public PhaseOptions FullPrecision { get; init; } = new() { Optimizer = new AdamOptimizer { LearningRate = 0.05 } };

    /// <summary>Phase two, through the quantizer, from the best model of phase one.</summary>
    public PhaseOptions Quantized { get; init; } = new();

    /// <summary>The last mile on hard levels, after phase two; null leaves it out. With 'start_from' and no epochs it refines a run that exists.</summary>
    public RefinementOptions? Refinement { get; init; }
}

/// <summary>One phase of training.</summary>
public sealed record PhaseOptions
{
    /// <summary>The number of times that every example is met; 0 leaves the phase out.</summary>
    [AtLeast(0), AtMost(1_000_000)]
    public int Epochs { get; init; } = 3;

    /// <summary>The optimizer of the heights.</summary>
    public OptimizerKind Optimizer { get; init; } = new AdamOptimizer();

    /// <summary>The factor of the learning rate over the phase.</summary>
    [AtLeast(0), AtMost(1000)]
    public Schedule Schedule { get; init; } = new CosineSchedule();

    /// <summary>The largest norm that the gradient may have; a longer one is shortened to it. Null leaves it alone.</summary>
    [AtLeast(1e-12), AtMost(1e12)]
    public double? GradientClip { get; init; }
}
