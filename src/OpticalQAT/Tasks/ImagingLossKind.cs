using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>The distance of an image from what it should be. Several of them make a weighted sum.</summary>
[Family("imaging_loss")]
public abstract record ImagingLossKind : Variant
{
    /// <summary>The weight in the sum where there are several losses.</summary>
    [AtLeast(1e-9), AtMost(1e9)]
    public double Weight { get; init; } = 1;

    /// <summary>The mean over a batch, without the weight.</summary>
    /// <param name="image">Real, [B, n, n].</param>
    /// <param name="target">The image that it should be, of the same shape.</param>
    /// <param name="similarity">For images of that size.</param>
    /// <returns>A scalar, differentiable in the image.</returns>
    public abstract Tensor Of(Tensor image, Tensor target, StructuralSimilarity similarity);
}

/// <summary>The mean of |image - target|.</summary>
[Kind("l1")]
public sealed record L1Loss : ImagingLossKind
{
    /// <inheritdoc/>
    public override Tensor Of(Tensor image, Tensor target, StructuralSimilarity similarity) => nn.functional.l1_loss(image, target);
}

/// <summary>The mean of (image - target)².</summary>
[Kind("mse")]
public sealed record SquaredLoss : ImagingLossKind
{
    /// <inheritdoc/>
    public override Tensor Of(Tensor image, Tensor target, StructuralSimilarity similarity) => nn.functional.mse_loss(image, target);
}

/// <summary>
/// Reversed Huber: |d| for small differences, (d² + c²)/(2c) beyond c, which is the threshold times the standard
/// deviation of the batch's targets (Mengu &amp; Ozcan, arXiv 2108.07977).
/// </summary>
[Kind("reversed_huber")]
public sealed record ReversedHuberLoss : ImagingLossKind
{
    // Targets without any structure would make c zero, and the loss infinite.
    private const double LeastThreshold = 1e-3;

    /// <summary>The error at which the square begins, in standard deviations of the target.</summary>
    [AtLeast(1e-6), AtMost(1000)]
    public double Threshold { get; init; } = 0.2;

    /// <inheritdoc/>
    public override Tensor Of(Tensor image, Tensor target, StructuralSimilarity similarity)
    {
        using var scope = NewDisposeScope();
        var c = (target.std(unbiased: false) * Threshold).clamp(min: LeastThreshold);
        var difference = (image - target).abs();
        return where(difference <= c, difference, (difference.square() + c * c) / (2 * c)).mean().MoveToOuterDisposeScope();
    }
}

/// <summary>1 - SSIM, with the window and constants of the metric.</summary>
[Kind("ssim")]
public sealed record SsimLoss : ImagingLossKind
{
    /// <inheritdoc/>
    public override Tensor Of(Tensor image, Tensor target, StructuralSimilarity similarity)
    {
        using var scope = NewDisposeScope();
        return (1 - similarity.Of(image, target, StructuralSimilarity.Usual).mean()).MoveToOuterDisposeScope();
    }
}
