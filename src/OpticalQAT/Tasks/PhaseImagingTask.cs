using OpticalQAT.Data;
using OpticalQAT.Optics;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>The phase imaging task on a grid.</summary>
public sealed class PhaseImagingTask : LearningTask
{
    private const double RoundingOfFiles = 1e-4;

    private readonly PhaseImaging _options;
    private readonly bool _isNegative;

    // In proportion, so that a step of an optimizer changes a large scale as easily as a small one.
    [ComponentName(Name = "log_scale")]
    private readonly Parameter _logScale;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    /// <summary>A task.</summary>
    /// <param name="options">The options of the task.</param>
    /// <param name="grid">The planes.</param>
    /// <param name="scale">The scale to start from; null is that of the options.</param>
    /// <param name="bias">The bias to start from.</param>
    public PhaseImagingTask(PhaseImaging options, Grid grid, double? scale = null, double bias = 0) : base(nameof(PhaseImagingTask))
    {
        _options = options;
        Window = new ObjectWindow(options.ObjectSamples, grid);
        Similarity = new StructuralSimilarity(options.ObjectSamples);
        _isNegative = scale < 0;
        _logScale = new Parameter(tensor((float)Math.Log(Math.Max(1e-6, Math.Abs(scale ?? options.Scale)))), requires_grad: options.LearnScale);
        _bias = new Parameter(tensor((float)bias));
        _logScale.DetachFromDisposeScope();
        _bias.DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>Structural similarity with the usual constants.</summary>
    public static Metric Ssim { get; } = new("ssim", MetricUnit.Number, HigherIsBetter: true) { Title = "SSIM" };

    /// <summary>Structural similarity with constants that hardly take part.</summary>
    public static Metric BareSsim { get; } = new("ssim_k1e_6", MetricUnit.Number, HigherIsBetter: true) { Title = "SSIM, K = 1e-6" };

    /// <summary>The mean absolute error as a share of φ_max.</summary>
    public static Metric AbsoluteError { get; } = new("l1", MetricUnit.Number, HigherIsBetter: false) { Title = "L1" };

    /// <summary>The peak signal-to-noise ratio.</summary>
    public static Metric SignalToNoise { get; } = new("psnr", MetricUnit.Decibels, HigherIsBetter: true) { Title = "PSNR" };

    /// <summary>The mean absolute error of the phase.</summary>
    public static Metric PhaseError { get; } = new("phase_error", MetricUnit.Radians, HigherIsBetter: false);

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => [Ssim, BareSsim, AbsoluteError, SignalToNoise, Metric.Efficiency, Metric.Loss, PhaseError];

    /// <inheritdoc/>
    public override Metric Score => Ssim;

    /// <summary>The square of the object, and of its image.</summary>
    public ObjectWindow Window { get; }

    /// <summary>The metric, for images of the window's size.</summary>
    public StructuralSimilarity Similarity { get; }

    /// <summary>φ_max in radians.</summary>
    public double PhaseMaximum => _options.PhaseMaximum.Radians;

    /// <inheritdoc/>
    public override void CheckFits(Dataset data, bool isTrained = false)
    {
        foreach (var (what, split) in data.Read)
        {
            if (!split.HasPhases)
                continue;
            var (lowest, highest) = (split.Images.min().item<float>(), split.Images.max().item<float>());
            if (lowest < 0 || highest > PhaseMaximum * (1 + RoundingOfFiles))
            {
                throw new DataException(
                    $"the {(what == Splits.Train ? "training" : what == Splits.Validation ? "validation" : "test")} split has phases from {lowest:0.####} to {highest:0.####} rad, but the task images 0 to {PhaseMaximum:0.####} rad; "
                    + $"{(isTrained ? string.Empty : "raise task.phase_maximum, or ")}cut the phases with task.dataset.maximum and task.dataset.clip");
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor Encode(Examples examples)
    {
        using var scope = NewDisposeScope();
        var phase = Targets(examples) * PhaseMaximum;
        var amplitude = examples.Amplitudes is { } amplitudes ? Window.Resample(amplitudes) : ones_like(phase);
        return Window.Embed(polar(amplitude, phase), _options.Surround == Surround.Light ? 1 : 0).MoveToOuterDisposeScope();
    }

    /// <summary>φ/φ_max of the object.</summary>
    /// <param name="examples">B examples.</param>
    /// <returns>float32, [B, n, n], from 0 to 1.</returns>
    public override Tensor Targets(Examples examples)
    {
        using var scope = NewDisposeScope();
        var values = examples.Images.to(ScalarType.Float32) / (examples.HasPhases ? PhaseMaximum : byte.MaxValue);
        return Window.Resample(values).MoveToOuterDisposeScope();
    }

    /// <summary>The image that is read out: scale · |u|² + bias in the window.</summary>
    /// <param name="output">The light of B examples at the output plane.</param>
    /// <returns>float32, [B, n, n].</returns>
    public Tensor Image(Output output)
    {
        using var scope = NewDisposeScope();
        return ImageOf(output.Read(Intensity(output.Field))).MoveToOuterDisposeScope();
    }

    /// <summary>The same as a detector without errors reads it.</summary>
    /// <param name="field">complex64, [B, N, N].</param>
    /// <returns>float32, [B, n, n].</returns>
    public Tensor Image(Tensor field)
    {
        using var scope = NewDisposeScope();
        return ImageOf(Intensity(field)).MoveToOuterDisposeScope();
    }

    private Tensor ImageOf(Tensor read) => read * (_isNegative ? -_logScale.exp() : _logScale.exp()) + _bias;

    /// <summary>The intensity in the window.</summary>
    /// <param name="output">complex64, [B, N, N].</param>
    /// <returns>float32, [B, n, n].</returns>
    public Tensor Intensity(Tensor output)
    {
        using var scope = NewDisposeScope();
        return Field.Intensity(Window.Crop(output).contiguous()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Loss(Output output, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return LossOf(Image(output), targets).MoveToOuterDisposeScope();
    }

    /// <summary>The weighted sum of the losses.</summary>
    /// <param name="image">float32, [B, n, n].</param>
    /// <param name="targets">float32, [B, n, n].</param>
    internal Tensor LossOf(Tensor image, Tensor targets) =>
        _options.Loss.Values.Select(loss => loss.Of(image, targets, Similarity) * loss.Weight).Aggregate((sum, next) => sum + next);

    /// <summary>Takes scale and bias of a model that images too; a scale that is not learnt stays.</summary>
    public override void TakeOver(LearningTask given)
    {
        if (given is not PhaseImagingTask { _isNegative: false } source)
            return;
        using var untracked = no_grad();
        if (_options.LearnScale)
            _logScale.copy_(source._logScale);
        _bias.copy_(source._bias);
    }

    /// <inheritdoc/>
    public override PhaseImagingMeasurement Measure() => new(this);

    /// <inheritdoc/>
    public override Illustration Illustrate(Measurement measured, Dataset data, IShownModel model) =>
        new PhaseImagingIllustration(this, data, model).Of((PhaseImagingMeasurement)measured);

    /// <summary>The scale and bias that bring intensities nearest to the targets, by least squares over all samples.</summary>
    public override LearningTask FittedTo(IEnumerable<(Output Output, Tensor Targets)> outputs)
    {
        var sums = new double[5];
        foreach (var (output, targets) in outputs)
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            var x = Intensity(output.Field).to(ScalarType.Float64);
            var y = targets.to(ScalarType.Float64);
            var batch = stack([ones_like(x).sum(), x.sum(), y.sum(), (x * x).sum(), (x * y).sum()]).cpu().data<double>().ToArray();
            for (var i = 0; i < sums.Length; i++)
                sums[i] += batch[i];
        }
        var (count, sumX, sumY, sumXX, sumXY) = (sums[0], sums[1], sums[2], sums[3], sums[4]);
        var spread = sumXX - sumX * sumX / count;
        // An even intensity tells nothing: the best that can be said then is the mean.
        var scale = spread > 1e-12 * sumXX ? (sumXY - sumX * sumY / count) / spread : 0;
        return new PhaseImagingTask(_options, Window.Grid, scale, (sumY - scale * sumX) / count).to(_logScale.device);
    }
}
