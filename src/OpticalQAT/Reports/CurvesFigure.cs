using OpticalQAT.Reports.Drawing;
using SkiaSharp;

namespace OpticalQAT.Reports;

/// <summary>The training curves side by side.</summary>
internal static class CurvesFigure
{
    private const double Width = 380, Height = 270, Left = 52, Right = 364, Top = 62, Bottom = 228;

    /// <summary>The figure as PNG; null for a run without epochs.</summary>
    public static byte[]? Draw(ReportContent content)
    {
        var charts = TrainingCurves.Of(content);
        if (charts.Count == 0)
            return null;
        using var canvas = new FigureCanvas(charts.Count * Width, Height);
        foreach (var (i, chart) in charts.Index())
            Draw(canvas, chart, i * Width);
        return canvas.ToPng();
    }

    private static void Draw(FigureCanvas canvas, LineChart chart, double left)
    {
        double X(double epoch) => left + Left + (chart.X(epoch) * (Right - Left));
        double Y(double value) => Bottom - (chart.Y.Position(value) * (Bottom - Top));

        canvas.Text(chart.Title, left + Left, 22, size: 13, color: FigureCanvas.Ink, bold: true);
        foreach (var tick in chart.Y.Ticks)
        {
            canvas.Line(X(0.5), Y(tick), X(chart.Epochs + 0.5), Y(tick), FigureCanvas.Rule);
            canvas.Text(chart.Format(tick, chart.Y.Decimals), X(0.5) - 7, Y(tick) + 4, SKTextAlign.Right);
        }

        foreach (var epoch in chart.EpochTicks)
            canvas.Text($"{epoch}", X(epoch), Bottom + 17, SKTextAlign.Center);
        canvas.Text("epoch", left + ((Left + Right) / 2), Bottom + 34, SKTextAlign.Center);

        foreach (var (name, first) in chart.Phases.Count > 1 ? chart.Phases : [])
        {
            canvas.Line(X(first - 0.5), Top - 12, X(first - 0.5), Bottom, FigureCanvas.Quiet, dashed: true);
            canvas.Text(name, X(first - 0.5) + 5, Top - 5, size: 10.5);
        }

        var legend = left + Right;
        foreach (var curve in chart.Curves.Reverse())
        {
            var color = curve.Style == CurveStyle.Second ? FigureCanvas.Second : FigureCanvas.Accent;
            var dashed = curve.Style == CurveStyle.Dashed;
            foreach (var piece in chart.Pieces(curve))
                canvas.Polyline(piece.Select(p => (X(p.X), Y(p.Y))), color, dashed ? 1.4 : 2, dashed);
            if (curve.Points.Count <= 40)
                foreach (var (x, y) in curve.Points)
                    canvas.Dot(X(x), Y(y), 2.4, color);
            if (chart.Curves.Count < 2)
                continue;
            canvas.Text(curve.Name, legend, 22, SKTextAlign.Right);
            legend -= FigureCanvas.WidthOf(curve.Name) + 26;
            canvas.Line(legend, 18, legend + 20, 18, color, dashed ? 1.4 : 2, dashed);
            legend -= 12;
        }
    }
}
