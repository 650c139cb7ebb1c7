using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

public class DifferentialGridDetectorTests
{
    private static readonly Grid Grid = new() { Size = 64, PixelPitch = new Length(0.75e-3) };

    /// <summary>(3-1)/(3+1), (0-2)/(0+2), (1-1)/(1+1).</summary>
    [TestCase(DifferenceScale.Pair, 0.5, -1, 0, 0.75)]
    [TestCase(DifferenceScale.Total, 0.25, -0.25, 0, 4.0 / 6)]
    public void Signals_and_contrast_by_hand(DifferenceScale scale, double first, double second, double third, double contrast)
    {
        using var scope = NewDisposeScope();
        var detector = new DifferentialGridDetector { Classes = 3, Scale = scale };
        var powers = tensor(new[,] { { 3.0, 1, 0, 2, 1, 1 } });
        var signals = detector.Signals(powers);
        Assert.That(signals.data<double>().ToArray(), Is.EqualTo((double[])[first, second, third]).Within(1e-5));
        Assert.That(detector.Contrast(powers, tensor([0L]), tensor([1L])).item<double>(), Is.EqualTo(contrast).Within(1e-5));
    }

    /// <summary>Ten pairs: five rows of two pairs, so that the regions are nearly square.</summary>
    [Test]
    public void Pairs_stand_side_by_side()
    {
        var regions = new DifferentialGridDetector { Classes = 10 }.Layout(Grid);
        Assert.That(regions, Has.Length.EqualTo(20));
        Assert.That(regions.GroupBy(r => r.Top).Select(row => row.Count()), Is.All.EqualTo(4).And.Exactly(5).Items);
        foreach (var pair in regions.Chunk(2))
        {
            Assert.That((pair[0].Class, pair[0].IsNegative, pair[1].IsNegative), Is.EqualTo((pair[1].Class, false, true)));
            Assert.That(pair[1].Left - pair[0].Left, Is.EqualTo(64 * 0.9 / 4).Within(1), "beside");
            Assert.That(pair[1].Top, Is.EqualTo(pair[0].Top));
        }
    }

    [Test]
    public void Halves_stand_above_and_below_in_the_same_order()
    {
        var regions = new DifferentialGridDetector { Classes = 10, Arrangement = RegionArrangement.Halves }.Layout(Grid);
        foreach (var pair in regions.Chunk(2))
        {
            Assert.That(pair[1].Left, Is.EqualTo(pair[0].Left));
            Assert.That(pair[1].Top - pair[0].Top, Is.EqualTo(64 * 0.9 / 2).Within(1), "half the spread below");
        }
        Assert.That(regions.Where(r => !r.IsNegative).Max(r => r.Top), Is.LessThan(regions.Where(r => r.IsNegative).Min(r => r.Top)));
    }

    [Test]
    public void Sizes_may_be_given_as_lengths()
    {
        var regions = new DifferentialGridDetector { Classes = 10, RegionSize = new Length(4.5e-3), RegionSpacing = new Length(9e-3) }.Layout(Grid);
        Assert.That(regions.Select(r => (r.Width, r.Height)), Is.All.EqualTo((6, 6)));
        Assert.That(regions[1].Left - regions[0].Left, Is.EqualTo(12));
        Assert.That(regions[4].Top - regions[0].Top, Is.EqualTo(12));
    }

    [Test]
    public void Too_many_regions_for_the_plane_are_refused() =>
        Assert.That(() => new DifferentialGridDetector { Classes = 500 }.Layout(Grid with { Size = 16 }), Throws.ArgumentException.With.Message.EqualTo(
            "1000 regions in 16 samples leave less than one sample for each; a larger grid, extent or fill gives them room"));
}
