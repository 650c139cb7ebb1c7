using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>
/// A complex matrix from the elements of an input aperture to those of an output aperture, both square and in the middle of
/// their planes: y = T·x up to one complex factor. T is drawn from the seed; x are the images, as amplitudes.
/// </summary>
[Kind("linear_transform")]
public sealed record LinearTransform : TaskKind
{
    /// <summary>Elements a side of both apertures.</summary>
    [AtLeast(1), AtMost(64)]
    public int Elements { get; init; } = 3;

    /// <summary>Samples that an element is wide.</summary>
    [AtLeast(1), AtMost(1024)]
    public int Samples { get; init; } = 4;

    /// <summary>The matrix follows from it.</summary>
    [AtLeast(0), AtMost(int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override LearningTask Build(OpticalSetting setting) => new LinearTransformTask(this, setting);

    /// <inheritdoc/>
    public override IEnumerable<StatedSize> Sizes(OpticalSetting setting) => [StatedSize.Of("aperture", Elements * Samples, setting.Grid, "of the input and of the output")];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting)
    {
        if (Elements * Samples > setting.Grid.Size)
            yield return new Finding(true, "task.samples", $"the apertures are {Elements * Samples} samples wide, the plane {setting.Grid.Size}; choose fewer elements, or narrower ones");
        if (setting.Spectrum.Length > 0)
            yield return new Finding(true, "task.kind", "the transform is that of one wavelength; leave optics.spectrum out");
    }
}

/// <summary>The task on a grid.</summary>
public sealed class LinearTransformTask : LearningTask
{
    private readonly LinearTransform _options;
    private readonly ObjectWindow _window;

    /// <summary>A task.</summary>
    public LinearTransformTask(LinearTransform options, OpticalSetting setting) : base(nameof(LinearTransformTask))
    {
        (_options, _window) = (options, new ObjectWindow(options.Elements * options.Samples, setting.Grid));
        var count = options.Elements * options.Elements;
        using var generator = new Generator((ulong)options.Seed);
        var matrix = view_as_complex(randn([count, count, 2], generator: generator)) / Math.Sqrt(2 * count);
        register_buffer("matrix", matrix.DetachFromDisposeScope());
    }

    /// <summary>1 - |⟨T·x, y⟩|²/(|T·x|²·|y|²), the share of the output that is not the wanted one.</summary>
    public static Metric Mismatch { get; } = new("mismatch", MetricUnit.Fraction, HigherIsBetter: false);

    /// <summary>The power in the output aperture over the power that entered.</summary>
    public static Metric Efficiency { get; } = new("efficiency", MetricUnit.Fraction, HigherIsBetter: true);

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => [Mismatch, Efficiency];

    /// <inheritdoc/>
    public override Metric Score => Mismatch;

    /// <inheritdoc/>
    public override void CheckFits(Dataset data, bool isTrained = false)
    {
        if (data.Read.Any(part => part.Examples.HasPhases))
            throw new DataException("the dataset holds phases, and the transform takes amplitudes; choose a dataset of images");
    }

    /// <inheritdoc/>
    public override Tensor Encode(Examples examples)
    {
        using var scope = NewDisposeScope();
        var samples = Elements(examples).repeat_interleave(_options.Samples, dim: 1).repeat_interleave(_options.Samples, dim: 2);
        return _window.Embed(complex(samples, zeros_like(samples)), 0).MoveToOuterDisposeScope();
    }

    /// <summary>T·x, complex64, [B, elements].</summary>
    public override Tensor Targets(Examples examples)
    {
        using var scope = NewDisposeScope();
        return Elements(examples).flatten(1).to(ScalarType.ComplexFloat32).matmul(get_buffer("matrix")!.t()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Loss(Output output, Tensor targets) => MismatchOf(output, targets).mean();

    /// <inheritdoc/>
    public override Measurement Measure() => new Sums(this);

    /// <summary>The mean field of each element of the output aperture, complex64, [B, elements].</summary>
    private Tensor Received(Output output)
    {
        var (n, s) = (_options.Elements, _options.Samples);
        return _window.Crop(output.Field).reshape(-1, n, s, n, s).mean([2L, 4L]).flatten(1);
    }

    private Tensor MismatchOf(Output output, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var received = Received(output);
        var overlap = Field.Intensity((received * targets.conj()).sum(1));
        return (1 - overlap / (Field.Intensity(received).sum(1) * Field.Intensity(targets).sum(1)).clamp(min: 1e-30)).MoveToOuterDisposeScope();
    }

    private Tensor Elements(Examples examples) =>
        nn.functional.adaptive_avg_pool2d(examples.Images.to(ScalarType.Float32).unsqueeze(1) / 255, _options.Elements).squeeze(1);

    private sealed class Sums(LinearTransformTask task) : Measurement(task)
    {
        private readonly double[] _sums = new double[2];
        private long _count;

        public override double Loss => _sums[0] / _count;

        public override void Add(Output output, Tensor targets)
        {
            using var scope = NewDisposeScope();
            _sums[0] += task.MismatchOf(output, targets).sum().item<float>();
            _sums[1] += (Field.Intensity(task._window.Crop(output.Field).contiguous()).sum([1, 2]) / output.Entered).sum().item<float>();
            _count += targets.shape[0];
        }

        public override void Dispose()
        {
        }

        protected override IReadOnlyDictionary<Metric, double> Values() => new Dictionary<Metric, double> { [Mismatch] = Loss, [Efficiency] = _sums[1] / _count };
    }
}
