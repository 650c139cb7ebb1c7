using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// The structural similarity of images (Wang et al., IEEE Trans. Image Process. 13, 600, 2004): a Gaussian window of
/// 11×11 samples, σ = 1.5, windows wholly inside the image, population covariance, values that range over 1. Within a
/// window of means μ, variances σ² and covariance σ_ab
/// SSIM = (2μ_a·μ_b + C₁)(2σ_ab + C₂) / ((μ_a² + μ_b² + C₁)(σ_a² + σ_b² + C₂)), C = K².
/// </summary>
/// <param name="size">Samples a side of the images, at least <see cref="Window"/>.</param>
public sealed class StructuralSimilarity(int size)
{
    /// <summary>Samples a side of the window.</summary>
    public const int Window = 11;

    private const double Sigma = 1.5;

    // A row for each window: filtering is W·x·Wᵀ, two matrix products, which cost less than convolutions of this size.
    private readonly PerDevice _windows = new(() => Windows(size));

    /// <summary>The usual constants, K = (0.01, 0.03).</summary>
    public static (double, double) Usual => (0.01, 0.03);

    /// <summary>Constants that hardly take part: K = 1e-6, with which flat parts of an image weigh as much as all others.</summary>
    public static (double, double) Bare => (1e-6, 1e-6);

    /// <summary>The similarity of pairs of images, the mean over all windows.</summary>
    /// <param name="a">Real, [B, n, n].</param>
    /// <param name="b">The same shape and type.</param>
    /// <param name="k">K₁ and K₂.</param>
    /// <returns>[B], at most 1, differentiable in both.</returns>
    public Tensor Of(Tensor a, Tensor b, (double First, double Second) k)
    {
        using var scope = NewDisposeScope();
        var window = _windows.On(a.device).to(a.dtype);
        var filtered = window.matmul(stack([a, b, a * a, b * b, a * b])).matmul(window.t());
        var (meanA, meanB) = (filtered[0], filtered[1]);
        var (squareA, squareB, product) = (meanA * meanA, meanB * meanB, meanA * meanB);
        var (varianceA, varianceB, covariance) = (filtered[2] - squareA, filtered[3] - squareB, filtered[4] - product);
        var (c1, c2) = (k.First * k.First, k.Second * k.Second);
        var map = (2 * product + c1) * (2 * covariance + c2) / ((squareA + squareB + c1) * (varianceA + varianceB + c2));
        return map.mean([1L, 2L]).MoveToOuterDisposeScope();
    }

    private static Tensor Windows(int size)
    {
        var weights = Enumerable.Range(0, Window).Select(i => Math.Exp(-Math.Pow(i - Window / 2, 2) / (2 * Sigma * Sigma))).ToArray();
        var sum = weights.Sum();
        var windows = new double[size - Window + 1, size];
        for (var row = 0; row <= size - Window; row++)
        {
            for (var i = 0; i < Window; i++)
                windows[row, row + i] = weights[i] / sum;
        }
        return tensor(windows);
    }
}
