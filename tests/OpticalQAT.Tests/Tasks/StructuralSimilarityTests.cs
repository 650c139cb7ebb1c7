using NUnit.Framework;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

public class StructuralSimilarityTests
{
    private static readonly StructuralSimilarity Similarity = new(16);

    [Test]
    public void An_image_is_wholly_similar_to_itself_and_never_more_to_another()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Image(1), Image(2));
        Assert.That(Similarity.Of(a, a, StructuralSimilarity.Usual).item<double>(), Is.EqualTo(1).Within(1e-12));
        var between = Similarity.Of(a, b, StructuralSimilarity.Usual).item<double>();
        Assert.That(between, Is.InRange(-1, 0.99));
        Assert.That(Similarity.Of(b, a, StructuralSimilarity.Usual).item<double>(), Is.EqualTo(between).Within(1e-12));
    }

    /// <summary>Of flat images variances vanish, and SSIM = (2ab + C₁)/(a² + b² + C₁).</summary>
    [Test]
    public void Flat_images_are_compared_by_their_brightness([Values(0.2, 0.7)] double b)
    {
        using var scope = NewDisposeScope();
        var (a, c) = (0.5, 0.01 * 0.01);
        var ssim = Similarity.Of(full([1, 16, 16], a, ScalarType.Float64), full([1, 16, 16], b, ScalarType.Float64), StructuralSimilarity.Usual);
        Assert.That(ssim.item<double>(), Is.EqualTo((2 * a * b + c) / (a * a + b * b + c)).Within(1e-9));
    }

    [Test]
    public void Each_image_of_a_batch_is_measured_for_itself()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (cat([Image(1), Image(3)]), cat([Image(2), Image(3)]));
        var ssim = Similarity.Of(a, b, StructuralSimilarity.Bare).data<double>().ToArray();
        Assert.That(ssim[0], Is.EqualTo(Similarity.Of(Image(1), Image(2), StructuralSimilarity.Bare).item<double>()).Within(1e-9));
        Assert.That(ssim[1], Is.EqualTo(1).Within(1e-9));
    }

    [Test]
    public void Its_gradient_is_that_of_differences()
    {
        using var scope = NewDisposeScope();
        var b = Image(2);
        Tensors.AssertGradientMatchesDifferences(a => Similarity.Of(a, b, StructuralSimilarity.Usual).sum(), Image(1), 1e-6, 1e-6);
    }

    private static Tensor Image(ulong seed) => (Tensors.Normal([1, 16, 16], seed) * 0.2 + 0.5).clamp(0, 1);
}
