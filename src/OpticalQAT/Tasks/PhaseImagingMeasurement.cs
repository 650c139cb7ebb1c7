using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// The quality of the images, as means over the examples: SSIM with the usual constants and with K = 1e-6, the mean
/// absolute error as a share of φ_max and in radians, the peak signal-to-noise ratio in decibels, the loss, and the
/// <em>efficiency</em>, the power in the image over the power that entered.
/// </summary>
public sealed class PhaseImagingMeasurement(PhaseImagingTask task) : Measurement(task)
{
    private readonly List<Tensor> _similarities = [];
    private Tensor? _sums;
    private long _count;

    /// <inheritdoc/>
    public override void Add(Output output, Tensor targets)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var image = task.Image(output);
        var loss = task.LossOf(image, targets);
        // K = 1e-6 divides by variances of flat windows: float32 would measure its own rounding there.
        var (a, b) = (image.to(ScalarType.Float64), targets.to(ScalarType.Float64));
        var ssim = task.Similarity.Of(a, b, StructuralSimilarity.Usual);
        var bare = task.Similarity.Of(a, b, StructuralSimilarity.Bare);
        var difference = a - b;
        var l1 = difference.abs().mean([1L, 2L]);
        var psnr = -10 * difference.square().mean([1L, 2L]).clamp(min: 1e-20).log10();
        var efficiency = task.Intensity(output.Field).sum([1, 2]) / output.Entered.clamp(min: float.Epsilon);
        var count = targets.shape[0];
        var sums = stack([ssim.sum(), bare.sum(), l1.sum(), psnr.sum(), efficiency.to(ScalarType.Float64).sum(), loss.to(ScalarType.Float64) * count]);
        _similarities.Add(ssim.DetachFromDisposeScope());
        _count += count;
        if (_sums is null)
            _sums = sums.DetachFromDisposeScope();
        else
            _sums.add_(sums);
    }

    /// <inheritdoc/>
    public override double Loss => Means()[5];

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<Metric, double> Values()
    {
        var means = Means();
        return new Dictionary<Metric, double>
        {
            [PhaseImagingTask.Ssim] = means[0],
            [PhaseImagingTask.BareSsim] = means[1],
            [PhaseImagingTask.AbsoluteError] = means[2],
            [PhaseImagingTask.SignalToNoise] = means[3],
            [Metric.Efficiency] = means[4],
            [PhaseImagingTask.PhaseError] = means[2] * task.PhaseMaximum,
        };
    }

    /// <summary>The SSIM of every example, in the order in which they were added.</summary>
    public double[] Similarities()
    {
        using var all = cat(_similarities).cpu();
        return all.data<double>().ToArray();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _similarities.ForEach(batch => batch.Dispose());
        _sums?.Dispose();
    }

    /// <summary>The means of what <see cref="Add"/> sums up, in its order.</summary>
    private double[] Means()
    {
        if (_sums is null)
            throw new InvalidOperationException("nothing has been measured");
        using var onHost = _sums.cpu();
        return [.. onHost.data<double>().ToArray().Select(sum => sum / _count)];
    }
}
