using NUnit.Framework;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every loss of images.</summary>
[TestFixtureSource(nameof(Kinds))]
public class ImagingLossLaws(ImagingLossKind kind)
{
    private const int Size = 13;

    private readonly StructuralSimilarity _similarity = new(Size);

    private static IEnumerable<ImagingLossKind> Kinds => Support.Kinds.Of<ImagingLossKind>();

    [Test]
    public void An_image_that_is_as_it_should_be_costs_nothing()
    {
        using var scope = NewDisposeScope();
        Assert.That(Loss(Images(1), Images(1)), Is.EqualTo(0).Within(1e-12));
    }

    [Test]
    public void A_worse_image_costs_more_and_none_costs_less_than_nothing()
    {
        using var scope = NewDisposeScope();
        var target = Images(1);
        var losses = new[] { 0.01, 0.1, 0.3, 1, 3 }.Select(error => Loss(target + error * Images(2), target)).ToArray();
        Assert.That(losses, Is.All.Positive);
        Assert.That(losses, Is.Ordered.Ascending);
    }

    [Test]
    public void The_gradient_matches_finite_differences()
    {
        using var scope = NewDisposeScope();
        var target = Images(1);
        Tensors.AssertGradientMatchesDifferences(image => kind.Of(image, target, _similarity), Images(3), step: 1e-6, tolerance: 1e-5);
    }

    /// <summary>Nothing to be seen in the image, in what it should be, or in either: divisions by a spread of 0 lie near.</summary>
    [Test]
    public void Flat_images_have_finite_losses_and_gradients([Values(0, 1, 0.3)] double image, [Values(0, 1, 0.3)] double target, [Values] bool isFloat)
    {
        using var scope = NewDisposeScope();
        var type = isFloat ? ScalarType.Float32 : ScalarType.Float64;
        var flat = full([2, Size, Size], image, dtype: type).requires_grad_(true);
        using var loss = kind.Of(flat, full([2, Size, Size], target, dtype: type), _similarity);
        loss.backward();
        Assert.That(loss.to(ScalarType.Float64).item<double>(), Is.GreaterThan(-1e-4).And.LessThan(1e4));
        Assert.That(flat.grad!.isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void It_is_one_number_of_the_type_of_the_images([Values(ScalarType.Float32, ScalarType.Float64)] ScalarType type)
    {
        using var scope = NewDisposeScope();
        var loss = kind.Of(Images(3).to(type), Images(1).to(type), _similarity);
        Assert.That(loss.shape, Is.Empty);
        Assert.That(loss.dtype, Is.EqualTo(type));
        Assert.That(loss.to(ScalarType.Float64).item<double>(), Is.EqualTo(Loss(Images(3), Images(1))).Within(1e-4));
    }

    public override string ToString() => kind.ToString()!;

    private static Tensor Images(ulong seed) => Tensors.Normal([2, Size, Size], seed);

    private double Loss(Tensor image, Tensor target)
    {
        using var loss = kind.Of(image, target, _similarity);
        return loss.item<double>();
    }
}
