using OpticalQAT.Tasks;

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

    /// <summary>The metric that the headline, the curves and the words speak about: one of the scores' metrics.</summary>
    public required Metric MainMetric { get; init; }

    /// <summary>The best model of the full-precision phase on the test split; null where there was no such phase.</summary>
    public ReportScore? FullPrecision { get; init; }

    /// <summary>The same model rounded to the level table, on the test split.</summary>
    public ReportScore? PostTraining { get; init; }

    /// <summary>The result of the quantized phase on the test split, at hard levels; null for a full-precision run.</summary>
    public ReportScore? Quantized { get; init; }

    /// <summary>The score of the light without any mask, on the test split; null for tasks that have no such floor.</summary>
    public ReportScore? FreeSpace { get; init; }

    /// <summary>The number of samples of the test split; gives the accuracy its standard error.</summary>
    public int? TestSamples { get; init; }

    /// <summary>One entry per epoch, in the order of training, both phases in one list.</summary>
    public IReadOnlyList<ReportEpoch> Epochs { get; init; } = [];

    /// <summary>The masks in the order in which the light meets them.</summary>
    public IReadOnlyList<ReportMask> Masks { get; init; } = [];

    /// <summary>The positions of the planes; null where the samples have no view from the side.</summary>
    public ReportBench? Bench { get; init; }

    /// <summary>The task's own part of the report: samples, detectors, classes, the confusion of classes.</summary>
    public Illustration Illustration { get; init; } = Illustration.None;

    /// <summary>The resolved configuration as YAML text.</summary>
    public required string ResolvedConfiguration { get; init; }

    /// <summary>Versions, device, threads, commit, in the order to be shown.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Warnings and remarks that a reader of the numbers must know, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The score of one model: metrics in the order to be shown, fractions where they are fractions.</summary>
/// <param name="Metrics">For example accuracy 0.961, loss 0.21, efficiency 0.18, contrast 0.44.</param>
/// <param name="Steps">The number of optimizer steps that the model had been trained for.</param>
public sealed record ReportScore(IReadOnlyList<KeyValuePair<Metric, double>> Metrics, long? Steps = null)
{
    /// <summary>The value of a metric, or null.</summary>
    public double? this[Metric metric] => Metrics.Where(each => each.Key == metric).Select(each => (double?)each.Value).FirstOrDefault();
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
    /// <summary>The name of the mask, for example "Layer 1".</summary>
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
