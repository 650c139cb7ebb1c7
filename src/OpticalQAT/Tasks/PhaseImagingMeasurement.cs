using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// How good the images are, as means over the examples: SSIM with the usual constants and with K = 1e-6, the mean
/// absolute error as a share of φ_max and in radians, the peak signal-to-noise ratio in decibels, the loss, and the
/// <em>efficiency</em>, the power in the image over the power that entered.
/// </summary>
public sealed class PhaseImagingMeasurement(PhaseImagingTask task) : Measurement
{
    private static readonly string[] Names = ["ssim", "ssim_k1e_6", "l1", "psnr", "efficiency", "loss"];

    private readonly List<Tensor> _similarities = [];
    private Tensor? _sums;
    private long _count;

    /// <inheritdoc/>
    public override void Add(Tensor output, Tensor targets, Tensor entered)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var image = task.Image(output, entered);
        var loss = task.LossOf(image, targets);
        // K = 1e-6 divides by variances of flat windows: float32 would measure its own rounding there.
        var (a, b) = (image.to(ScalarType.Float64), targets.to(ScalarType.Float64));
        var ssim = task.Similarity.Of(a, b, StructuralSimilarity.Usual);
        var bare = task.Similarity.Of(a, b, StructuralSimilarity.Bare);
        var difference = a - b;
        var l1 = difference.abs().mean([1L, 2L]);
        var psnr = -10 * difference.square().mean([1L, 2L]).clamp(min: 1e-20).log10();
        var efficiency = task.Intensity(output).sum([1, 2]) / entered.clamp(min: float.Epsilon);
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
    public override IReadOnlyDictionary<string, double> Result()
    {
        if (_sums is null)
            throw new InvalidOperationException("nothing has been measured");
        using var onHost = _sums.cpu();
        var sums = onHost.data<double>().ToArray();
        var metrics = Names.Zip(sums).ToDictionary(pair => pair.First, pair => pair.Second / _count, StringComparer.Ordinal);
        metrics.Add("phase_error", metrics["l1"] * task.PhaseMaximum);
        return metrics;
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
}
