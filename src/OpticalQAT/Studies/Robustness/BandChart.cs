using OpticalQAT.Reports;
using OpticalQAT.Reports.Drawing;
using OpticalQAT.Tasks;
using SkiaSharp;

namespace OpticalQAT.Studies.Robustness;

/// <summary>A line with a band around it.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points by rising x, each with the bounds of the band.</param>
internal sealed record Band(string Name, IReadOnlyList<(double X, double Y, double Low, double High)> Points);

/// <summary>Lines with bands, one colour each, and where asked for a line across.</summary>
internal static class BandChart
{
    public const int Width = 560;
    public const int Height = 340;
    private const double Left = 62, Right = 544, Top = 44, Bottom = 278;

    /// <summary>The colours of designs: told apart also by those who see red and green alike, and in print.</summary>
    private static readonly SKColor[] Colors =
    [
        new(0xB3, 0x40, 0x2A), FigureCanvas.Accent, new(0x3B, 0x8E, 0x6B), new(0x8A, 0x5A, 0xA8), new(0xC2, 0x8A, 0x1C), new(0x5D, 0x65, 0x6E),
    ];

    /// <summary>The chart as PNG; the same content gives the same bytes.</summary>
    public static byte[] Draw(string title, string across, Metric metric, IReadOnlyList<Band> bands, double? mark = null, bool steps = false)
    {
        using var canvas = new FigureCanvas(Width, Height);
        var all = bands.SelectMany(band => band.Points).ToArray();
        var x = Axis.Over(all.Select(p => p.X));
        var y = steps ? Axis.Over([0, 1]) : Axis.Over(all.SelectMany(p => new[] { p.Low, p.High }));
        double X(double value) => Left + x.Position(value) * (Right - Left);
        double Y(double value) => Bottom - y.Position(value) * (Bottom - Top);
        var percent = steps || metric.IsFraction;

        canvas.Text(title, Left, 22, size: 13, color: FigureCanvas.Ink, bold: true);
        foreach (var tick in y.Ticks)
        {
            canvas.Line(Left, Y(tick), Right, Y(tick), FigureCanvas.Rule);
            canvas.Text(percent ? Wording.PercentTick(tick, y.Decimals) : Wording.Tick(tick, y.Decimals), Left - 7, Y(tick) + 4, SKTextAlign.Right);
        }
        foreach (var tick in x.Ticks)
        {
            canvas.Line(X(tick), Bottom, X(tick), Bottom + 4, FigureCanvas.Quiet);
            canvas.Text(steps && metric.IsFraction ? Wording.PercentTick(tick, x.Decimals) : Wording.Tick(tick, x.Decimals), X(tick), Bottom + 17, SKTextAlign.Center);
        }
        canvas.Text(across, (Left + Right) / 2, Bottom + 36, SKTextAlign.Center);
        if (mark is { } at && at >= x.Low && at <= x.High)
            canvas.Line(X(at), Top, X(at), Bottom, FigureCanvas.Ink, dashed: true);

        foreach (var (i, band) in bands.Index())
        {
            var color = Colors[i % Colors.Length];
            if (!steps)
                canvas.Area(band.Points.Select(p => (X(p.X), Y(p.High))).Concat(band.Points.Reverse().Select(p => (X(p.X), Y(p.Low)))), color.WithAlpha(48));
            canvas.Polyline(band.Points.Select(p => (X(p.X), Y(p.Y))), color, 2);
            foreach (var point in steps ? [] : band.Points)
                canvas.Dot(X(point.X), Y(point.Y), 2.6, color);
        }
        Legend(canvas, bands);
        return canvas.ToPng();
    }

    private static void Legend(FigureCanvas canvas, IReadOnlyList<Band> bands)
    {
        var at = Left;
        foreach (var (i, band) in bands.Index())
        {
            canvas.Line(at, Height - 10, at + 20, Height - 10, Colors[i % Colors.Length], 2);
            canvas.Text(band.Name, at + 26, Height - 6, color: FigureCanvas.Ink);
            at += 44 + FigureCanvas.WidthOf(band.Name);
        }
    }
}
