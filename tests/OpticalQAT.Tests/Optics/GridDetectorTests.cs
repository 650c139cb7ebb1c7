using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

public class GridDetectorTests
{
    [Test]
    public void Ten_regions_stand_as_three_four_three()
    {
        var regions = new GridDetector { Regions = 10, Extent = 0.75, Fill = 0.5 }.Layout(GridOf(64));
        Assert.That(regions.GroupBy(r => r.Top).Select(row => row.Count()), Is.EqualTo((int[])[3, 4, 3]));
        Assert.That(regions[0], Is.EqualTo(new DetectorRegion(Left: 17, Top: 17, Width: 6, Height: 6, Class: 0)));
        Assert.That(regions[3], Is.EqualTo(new DetectorRegion(Left: 11, Top: 29, Width: 6, Height: 6, Class: 3)));
    }

    /// <summary>Rows, and the regions of each row, mirror each other, to a sample where the plane and the regions leave an odd number of samples between them.</summary>
    [Test]
    public void Regions_lie_in_the_plane_apart_from_each_other_and_symmetrically(
        [Range(2, 20)] int count, [Values(32, 50, 63, 64, 200)] int size, [Values(0.5, 1)] double fill, [Values(0.75, 1)] double extent)
    {
        var regions = new GridDetector { Regions = count, Fill = fill, Extent = extent }.Layout(GridOf(size));

        Assert.That(regions, Has.Length.EqualTo(count));
        Assert.That(regions.All(r => r.Left >= 0 && r.Top >= 0 && r.Left + r.Width <= size && r.Top + r.Height <= size), Is.True, "inside");
        var covered = regions.SelectMany(r => Enumerable.Range(0, r.Width * r.Height).Select(i => (r.Left + i % r.Width, r.Top + i / r.Width))).ToArray();
        Assert.That(covered.Distinct().Count(), Is.EqualTo(covered.Length), "apart");
        var slack = (size - regions[0].Width) % 2;
        var rows = regions.GroupBy(r => r.Top).ToArray();
        AssertMirrored([.. rows.Select(row => row.Key)], "rows");
        foreach (var row in rows)
            AssertMirrored([.. row.Select(r => r.Left)], "columns");

        void AssertMirrored(int[] starts, string what) =>
            Assert.That(starts.Zip(starts.Reverse(), (start, image) => start + image + regions[0].Width), Is.All.EqualTo(size).Within(slack), what);
    }

    [Test]
    public void Windows_are_the_regions_as_weights()
    {
        using var scope = NewDisposeScope();
        var detector = new GridDetector { Regions = 5 };
        var windows = detector.Windows(GridOf(20)).view(20, 20, 5);
        var regions = detector.Layout(GridOf(20));
        for (var k = 0; k < 5; k++)
        {
            var (left, top, width, height, _, _) = regions[k];
            Assert.That(windows[.., .., k].sum().item<float>(), Is.EqualTo(width * height));
            Assert.That(windows[top..(top + height), left..(left + width), k].sum().item<float>(), Is.EqualTo(width * height));
        }
    }

    [Test]
    public void Too_many_regions_for_the_plane_are_refused() =>
        Assert.That(() => new GridDetector { Regions = 400 }.Layout(GridOf(16)), Throws.ArgumentException.With.Message.EqualTo(
            "400 regions in 16 samples leave less than one sample for each; a larger grid, extent or fill gives them room"));

    private static Grid GridOf(int size) => new() { Size = size, PixelPitch = new Length(1e-3) };
}
