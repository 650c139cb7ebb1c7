using OpticalQAT.Optics;

namespace OpticalQAT.Reports;

/// <summary>
/// Everything that the report page and the figures of one run show, as plain data: no tensors, no files.
/// What a run does not have stays null or empty, and its part of the page is left out.
/// </summary>
public sealed record ReportContent
{
    /// <summary>The run's name, the page's title.</summary>
    public required string Name { get; init; }

    /// <summary>The run's id: its start time and four hex digits of the configuration's hash.</summary>
    public required string Id { get; init; }

    /// <summary>One or two sentences: what was trained, on what.</summary>
    public required string Description { get; init; }

    /// <summary>The set-up in the order to be shown, each value with its unit: wavelength, grid, layers, spacings, material, levels, data set sizes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Setup { get; init; } = [];

    /// <summary>The metric that the headline, the curves and the words speak about: a key of the scores' metrics. More of it is better.</summary>
    public string MainMetric { get; init; } = "accuracy";

    /// <summary>The best model of the full-precision phase on the test split; null where there was no such phase.</summary>
    public ReportScore? FullPrecision { get; init; }

    /// <summary>The same model rounded to the level table, on the test split.</summary>
    public ReportScore? PostTraining { get; init; }

    /// <summary>The result of the quantized phase on the test split, at hard levels; null for a full-precision run.</summary>
    public ReportScore? Quantized { get; init; }

    /// <summary>What the light does without any mask, on the test split; null for tasks that have no such floor.</summary>
    public ReportScore? FreeSpace { get; init; }

    /// <summary>How many samples the test split has; gives the accuracy its standard error.</summary>
    public int? TestSamples { get; init; }

    /// <summary>One entry per epoch, in the order of training, both phases in one list.</summary>
    public IReadOnlyList<ReportEpoch> Epochs { get; init; } = [];

    /// <summary>The masks in the order in which the light meets them.</summary>
    public IReadOnlyList<ReportMask> Masks { get; init; } = [];

    /// <summary>Where the planes stand; null where the samples have no view from the side.</summary>
    public ReportBench? Bench { get; init; }

    /// <summary>The detector regions on the output plane, in pixels of the samples' outputs.</summary>
    public IReadOnlyList<DetectorRegion> Detectors { get; init; } = [];

    /// <summary>The classes' names by index; empty for tasks that have no classes.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Chosen test samples with their light.</summary>
    public IReadOnlyList<ReportSample> Samples { get; init; } = [];

    /// <summary>The mistakes of highest score margin, worst first.</summary>
    public IReadOnlyList<ReportSample> WorstMistakes { get; init; } = [];

    /// <summary>Counts over the test split, [true class, predicted class].</summary>
    public int[,]? Confusion { get; init; }

    /// <summary>The resolved configuration as YAML text.</summary>
    public required string ResolvedConfiguration { get; init; }

    /// <summary>Versions, device, threads, commit, in the order to be shown.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Warnings and remarks that a reader of the numbers must know, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The score of one model: metrics by name, fractions where they are fractions, in the order to be shown.</summary>
/// <param name="Metrics">For example accuracy 0.961, loss 0.21, efficiency 0.18, contrast 0.44.</param>
/// <param name="Steps">How many optimizer steps the model had been trained for.</param>
public sealed record ReportScore(IReadOnlyList<KeyValuePair<string, double>> Metrics, long? Steps = null)
{
    /// <summary>The metric of that name, or null.</summary>
    public double? this[string metric] =>
        Metrics.Where(m => string.Equals(m.Key, metric, StringComparison.Ordinal)).Select(m => (double?)m.Value).FirstOrDefault();
}

/// <summary>One epoch of training.</summary>
public sealed record ReportEpoch
{
    /// <summary>The phase's name as it is shown: "full precision" or "quantized".</summary>
    public required string Phase { get; init; }

    /// <summary>The epoch's number within its phase, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean loss over the epoch's batches.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The learning rate at the end of the epoch.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The loss on the validation split, as the model is evaluated.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The main metric on the validation split as the device would score: at hard levels in a quantized phase.</summary>
    public double? Validation { get; init; }

    /// <summary>The main metric with the soft levels of training; null in full precision.</summary>
    public double? ValidationSoft { get; init; }
}

/// <summary>One printed mask.</summary>
public sealed record ReportMask
{
    /// <summary>What the mask is called, for example "Layer 1".</summary>
    public required string Name { get; init; }

    /// <summary>Heights in metres, [row, column].</summary>
    public required double[,] Heights { get; init; }

    /// <summary>The level of each pixel, an index into <see cref="LevelTable"/>; null in full precision.</summary>
    public int[,]? Levels { get; init; }

    /// <summary>The allowed heights in metres, ascending; null in full precision.</summary>
    public double[]? LevelTable { get; init; }

    /// <summary>The printed pixel's pitch in metres.</summary>
    public required double PixelPitch { get; init; }

    /// <summary>The height in metres that delays by one wave, where heights wrap around; the map is then drawn in cyclic colours.</summary>
    public double? WrapHeight { get; init; }
}

/// <summary>The stack along the axis, in metres.</summary>
/// <param name="Length">From the input plane to the output plane.</param>
/// <param name="Width">The width of the planes.</param>
/// <param name="Masks">The distances of the masks from the input plane.</param>
public sealed record ReportBench(double Length, double Width, IReadOnlyList<double> Masks);

/// <summary>One sample on its way through the stack. Maps are [row, column] in any linear unit.</summary>
public sealed record ReportSample
{
    /// <summary>What the sample shows or which one it is, for example "test image 812"; may be empty.</summary>
    public string Caption { get; init; } = "";

    /// <summary>The input as an image: amplitude, intensity or phase.</summary>
    public required float[,] Input { get; init; }

    /// <summary>The intensity on the output plane.</summary>
    public required float[,] Output { get; init; }

    /// <summary>What the output should have been, for imaging and shaping tasks.</summary>
    public float[,]? Target { get; init; }

    /// <summary>For imaging tasks how far the output is from the target; output, target and error are then shares of the same range, 0 to 1.</summary>
    public float[,]? Error { get; init; }

    /// <summary>The true class; null where there are no classes.</summary>
    public int? Label { get; init; }

    /// <summary>The class with the highest score.</summary>
    public int? Predicted { get; init; }

    /// <summary>The score of each class, in the order of the class names.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary>The intensity that arrives at each mask, in order; null or empty where it was not recorded.</summary>
    public IReadOnlyList<float[,]>? Planes { get; init; }

    /// <summary>The intensity as seen from the side, [z, y], in equal steps from the input plane to the output plane; null where it was not recorded.</summary>
    public float[,]? SideView { get; init; }

    /// <summary>Whether the prediction is right; null where there are no classes.</summary>
    public bool? Correct => Label is null || Predicted is null ? null : Label == Predicted;
}
