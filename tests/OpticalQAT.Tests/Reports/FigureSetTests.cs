using NUnit.Framework;
using OpticalQAT.Reports;
using OpticalQAT.Reports.Drawing;
using OpticalQAT.Tasks;
using SkiaSharp;

namespace OpticalQAT.Tests.Reports;

public sealed class FigureSetTests
{
    private static readonly string[] WithoutClasses = ["curves.png", "masks.png", "samples.png"];

    [Test]
    public void A_full_run_gives_four_pictures_of_known_size()
    {
        var figures = FigureSet.Draw(SampleReport.Full());

        // Page units, drawn at twice their size.
        Assert.That(figures, Has.Count.EqualTo(4));
        Assert.That(SizeOf(figures["curves.png"]), Is.EqualTo((2 * 3 * 380, 2 * 270)));
        Assert.That(SizeOf(figures["masks.png"]), Is.EqualTo((2 * ((2 * 340) + 20), 2 * ((2 * 290) + 20))));
        Assert.That(SizeOf(figures["samples.png"]), Is.EqualTo((2 * (74 + (3 * 168)), 2 * (34 + (2 * 168) + 62))));
        Assert.That(SizeOf(figures["confusion.png"]).Height, Is.EqualTo(2 * (70 + 400 + 20)));
    }

    [Test]
    public void What_a_run_does_not_have_is_not_drawn() => Assert.That(FigureSet.Draw(SampleReport.Bare()), Is.Empty);

    [Test]
    public void The_same_content_gives_the_same_bytes()
    {
        var (first, second) = (FigureSet.Draw(SampleReport.Full()), FigureSet.Draw(SampleReport.Make()));

        Assert.That(second.Keys, Is.EqualTo(first.Keys));
        foreach (var (name, png) in first)
            Assert.That(second[name], Is.EqualTo(png), name);
    }

    [Test]
    public void A_full_precision_imaging_run_is_drawn_with_its_targets()
    {
        var run = SampleReport.Full();
        var figures = FigureSet.Draw(run with
        {
            Masks = [.. run.Masks.Select(m => m with { Levels = null, LevelTable = null })],
            Illustration = new Illustration { Samples = [.. run.Illustration.Samples.Select(s => s with { Label = null, Predicted = null, Scores = null, Target = s.Input })] },
        });

        Assert.That(figures.Keys, Is.EqualTo(WithoutClasses));
        Assert.That(SizeOf(figures["samples.png"]).Height, Is.EqualTo(2 * (34 + (3 * 168))));
    }

    [Test]
    public void Text_is_set_in_the_font_that_is_carried_along()
    {
        using var canvas = new FigureCanvas(200, 40);
        canvas.Text("97.3 % µm λ × ± – …", 5, 28, size: 20, color: SKColors.Black);
        using var bitmap = SKBitmap.Decode(canvas.ToPng());

        Assert.That(bitmap.Pixels.Count(p => p.Red < 100), Is.GreaterThan(500));
        Assert.That(FigureCanvas.WidthOf("iii"), Is.LessThan(0.5 * FigureCanvas.WidthOf("WWW")), "proportional letters, not boxes");
    }

    private static (int Width, int Height) SizeOf(byte[] png)
    {
        using var bitmap = SKBitmap.Decode(png);
        return (bitmap.Width, bitmap.Height);
    }
}
