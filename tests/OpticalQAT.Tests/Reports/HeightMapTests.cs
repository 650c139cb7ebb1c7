using NUnit.Framework;
using OpticalQAT.Reports;
using OpticalQAT.Reports.Drawing;
using SkiaSharp;

namespace OpticalQAT.Tests.Reports;

public sealed class HeightMapTests
{
    private static readonly double[] Table = [0, 1e-4, 3e-4];

    [Test]
    public void Every_mask_pixel_becomes_a_square_of_its_levels_colour()
    {
        var mask = Mask(new[,] { { 0, 1, 2 }, { 2, 1, 0 } }, wrap: null);
        using var bitmap = SKBitmap.Decode(HeightMap.ToPng(mask, minimumSize: 256));

        Assert.That((bitmap.Width, bitmap.Height), Is.EqualTo((3 * 86, 2 * 86)));
        for (var row = 0; row < 2; row++)
            for (var column = 0; column < 3; column++)
            {
                // The colour follows the height: 0.1 mm of 0.3 mm is a third of the way, not half.
                var expected = ColorMap.Viridis.At(mask.Heights[row, column] / 3e-4);
                Assert.That(bitmap.GetPixel(column * 86, row * 86), Is.EqualTo(new SKColor(expected.R, expected.G, expected.B)));
                Assert.That(bitmap.GetPixel((column * 86) + 85, (row * 86) + 85), Is.EqualTo(new SKColor(expected.R, expected.G, expected.B)));
            }
    }

    [Test]
    public void Heights_that_wrap_take_colours_that_close()
    {
        var map = new HeightMap(Mask(new[,] { { 0, 1, 2 } }, wrap: 4e-4));

        Assert.That(map.ColorOf(4e-4), Is.EqualTo(map.ColorOf(0)));
        Assert.That(map.ColorOf(5e-4), Is.EqualTo(map.ColorOf(1e-4)));
        Assert.That(map.ColorOf(2e-4), Is.Not.EqualTo(map.ColorOf(0)));
    }

    /// <summary>Row 0 is on top and column 0 on the left, with levels or without.</summary>
    [Test]
    public void A_mask_without_levels_stands_the_right_way_up()
    {
        var mask = new ReportMask { Name = "free", Heights = new[,] { { 0, 1e-4, 2e-4 }, { 3e-4, 4e-4, 5e-4 } }, PixelPitch = 1e-6 };
        var image = new HeightMap(mask).ToImage();
        for (var row = 0; row < 2; row++)
            for (var column = 0; column < 3; column++)
                Assert.That(image.Palette[image.Pixels[row, column]], Is.EqualTo(ColorMap.Viridis.At(mask.Heights[row, column] / 5e-4)));
    }

    [Test]
    public void A_flat_mask_without_levels_is_one_colour()
    {
        var mask = new ReportMask { Name = "flat", Heights = new double[8, 8], PixelPitch = 1e-6 };
        using var bitmap = SKBitmap.Decode(HeightMap.ToPng(mask));

        Assert.That(bitmap.Pixels.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void More_levels_than_a_palette_holds_are_still_drawn()
    {
        var table = Enumerable.Range(0, 1000).Select(i => i * 1e-6).ToArray();
        var mask = new ReportMask { Name = "fine", Levels = new[,] { { 0, 999 } }, Heights = new[,] { { 0, 999e-6 } }, LevelTable = table, PixelPitch = 1e-6 };
        var image = new HeightMap(mask).ToImage();

        Assert.That(image.Palette[image.Pixels[0, 1]], Is.EqualTo(ColorMap.Viridis.At(1)));
    }

    [TestCase(nameof(ColorMap.Viridis))]
    [TestCase(nameof(ColorMap.Inferno))]
    [TestCase(nameof(ColorMap.Gray))]
    public void Sequential_maps_only_get_lighter(string name)
    {
        var palette = ((ColorMap)typeof(ColorMap).GetProperty(name)!.GetValue(null)!).Palette();
        var lightness = palette.Select(c => (0.2126 * c.R) + (0.7152 * c.G) + (0.0722 * c.B)).ToArray();

        for (var i = 4; i < lightness.Length; i++)
            Assert.That(lightness[i], Is.GreaterThan(lightness[i - 4]), $"{name} at {i}");
    }

    [Test]
    public void The_cyclic_map_has_no_seam_and_no_jump()
    {
        static double Distance(Rgb a, Rgb b) => Math.Sqrt(Math.Pow(a.R - b.R, 2) + Math.Pow(a.G - b.G, 2) + Math.Pow(a.B - b.B, 2));
        var steps = Enumerable.Range(0, 64).Select(i => Distance(ColorMap.Cyclic.At(i / 64.0), ColorMap.Cyclic.At((i + 1) / 64.0))).ToArray();

        Assert.That(ColorMap.Cyclic.At(1), Is.EqualTo(ColorMap.Cyclic.At(0)));
        Assert.That(steps.Max(), Is.LessThan(3 * steps.Min()));
    }

    private static ReportMask Mask(int[,] levels, double? wrap)
    {
        var heights = new double[levels.GetLength(0), levels.GetLength(1)];
        for (var row = 0; row < heights.GetLength(0); row++)
            for (var column = 0; column < heights.GetLength(1); column++)
                heights[row, column] = Table[levels[row, column]];
        return new ReportMask { Name = "mask", Levels = levels, Heights = heights, LevelTable = Table, PixelPitch = 1e-4, WrapHeight = wrap };
    }
}
