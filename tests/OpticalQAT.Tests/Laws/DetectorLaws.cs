using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every kind of detector: its regions on planes of many sizes, and its signals.</summary>
[TestFixtureSource(nameof(Kinds))]
public class DetectorLaws(DetectorKind kind)
{
    private static IEnumerable<DetectorKind> Kinds =>
        from detector in Support.Kinds.Of<DetectorKind>()
        from choice in Choices(detector)
        select choice;

    private int Classes => kind.ClassCount;

    [Test]
    public void Regions_stand_in_the_plane_apart_from_each_other_and_every_class_has_one([Values(32, 50, 63, 64, 200)] int size)
    {
        var regions = kind.Layout(GridOf(size));

        Assert.That(regions.All(r => r.Left >= 0 && r.Top >= 0 && r.Left + r.Width <= size && r.Top + r.Height <= size), Is.True, "inside");
        Assert.That(regions.Index().All(r => !regions.Take(r.Index).Any(r.Item.Overlaps)), Is.True, "apart");
        Assert.That(regions.Where(r => !r.IsNegative).Select(r => r.Class).Order(), Is.EqualTo(Enumerable.Range(0, Classes)));
        Assert.That(regions.Where(r => r.IsNegative).Select(r => r.Class), Is.SubsetOf(Enumerable.Range(0, Classes)).And.Unique);
    }

    /// <summary>The regions are open windows: together they see the light that falls on them, and never more than there is.</summary>
    [Test]
    public void The_power_that_is_detected_is_that_of_the_samples_in_the_regions()
    {
        using var scope = NewDisposeScope();
        var grid = GridOf(40);
        var intensity = Tensors.Normal([3, 40, 40], 1, ScalarType.Float32).square();
        var powers = intensity.flatten(start_dim: 1).matmul(kind.Windows(grid));
        var rest = intensity.clone();
        foreach (var region in kind.Layout(grid))
            rest[.., region.Top..(region.Top + region.Height), region.Left..(region.Left + region.Width)] = 0;
        Assert.That((powers.sum(1) + rest.sum([1, 2]) - intensity.sum([1, 2])).abs().max().item<float>(), Is.LessThan(2e-3));
        Assert.That(powers.min().item<float>(), Is.GreaterThan(0));
    }

    [Test]
    public void Light_for_one_class_alone_makes_it_win_with_all_contrast()
    {
        using var scope = NewDisposeScope();
        var regions = kind.Layout(GridOf(40));
        for (var k = 0; k < Classes; k++)
        {
            var powers = tensor(regions.Select(r => r.Class == k != r.IsNegative ? 2.0 : 0).ToArray()).unsqueeze(0);
            var (_, order) = kind.Signals(powers).topk(2, dim: 1);
            Assert.That(order[0, 0].item<long>(), Is.EqualTo(k));
            Assert.That(kind.Contrast(powers, order.select(1, 0), order.select(1, 1)).item<double>(), Is.EqualTo(1).Within(1e-5));
            Assert.That(kind.Contrast(powers, order.select(1, 1), order.select(1, 0)).item<double>(), Is.EqualTo(-1).Within(1e-5));
        }
    }

    [Test]
    public void Brighter_light_gives_the_same_signals_between_minus_one_and_one()
    {
        using var scope = NewDisposeScope();
        var powers = Powers(seed: 2);
        var signals = kind.Signals(powers);
        Assert.That(signals.shape, Is.EqualTo(new long[] { 5, Classes }));
        Assert.That((kind.Signals(powers * 1e4) - signals).abs().max().item<double>(), Is.LessThan(1e-9));
        Assert.That(signals.abs().max().item<double>(), Is.InRange(0.01, 1));
    }

    /// <summary>Even light prefers nobody: that is what a gain cannot mend.</summary>
    [Test]
    public void Even_light_prefers_no_class()
    {
        using var scope = NewDisposeScope();
        var powers = ones_like(Powers(seed: 1));
        var signals = kind.Signals(powers);
        Assert.That((signals - signals[0, 0]).abs().max().item<double>(), Is.LessThan(1e-12));
        Assert.That(kind.Contrast(powers, zeros(5, ScalarType.Int64), ones(5, ScalarType.Int64)).abs().max().item<double>(), Is.LessThan(1e-12));
    }

    [Test]
    public void No_light_gives_signals_of_nothing_and_finite_gradients()
    {
        using var scope = NewDisposeScope();
        var field = zeros(1, kind.Layout(GridOf(40)).Length, requires_grad: true);
        var signals = kind.Signals(field.square());
        signals.sum().backward();
        Assert.That(signals.abs().max().item<float>(), Is.Zero);
        Assert.That(field.grad!.isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void The_gradient_of_the_signals_matches_finite_differences()
    {
        using var scope = NewDisposeScope();
        var powers = Powers(seed: 3);
        var weight = Tensors.Normal([5, Classes], 4);
        Tensors.AssertGradientMatchesDifferences(p => (kind.Signals(p) * weight).sum(), powers, step: 1e-4, tolerance: 1e-5);
    }

    public override string ToString() => kind.ToString()!;

    private Tensor Powers(ulong seed) => Tensors.Normal([5, kind.Layout(GridOf(40)).Length], seed).abs() + 0.1;

    private static Grid GridOf(int size) => new() { Size = size, PixelPitch = new Length(1e-3) };

    /// <summary>A kind with five classes, and one of each further choice that it offers.</summary>
    private static IEnumerable<DetectorKind> Choices(DetectorKind detector)
    {
        var five = Read(detector, $"{detector.ClassCountKey}: 5");
        yield return five;
        foreach (var key in RecordShape.Of(detector.GetType()).Keys.Where(key => key.Shape.Type.IsEnum))
        {
            foreach (var choice in Enum.GetNames(key.Shape.Type).Skip(1))
                yield return Read(detector, $"{detector.ClassCountKey}: 5, {key.Name}: {choice.ToLowerInvariant()}");
        }
    }

    private static DetectorKind Read(DetectorKind kind, string keys) =>
        ((Classification)SmallExperiment.With($"task.detector={{ kind: {KindNames.Of(kind)}, {keys} }}").Task).Detector;
}
