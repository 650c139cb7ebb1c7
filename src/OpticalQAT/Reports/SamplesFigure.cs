using OpticalQAT.Reports.Drawing;
using OpticalQAT.Tasks;
using SkiaSharp;

namespace OpticalQAT.Reports;

/// <summary>The chosen samples in columns: input above, output with the detector regions below, target where there is one, scores at the foot.</summary>
internal static class SamplesFigure
{
    private const double Size = 150, Gap = 18, Left = 74, Top = 34, Foot = 62;
    private static readonly string[] RowNames = ["Input", "Output", "Target"];
    private static readonly string[] ImagingRowNames = ["Truth", "Output", "Error ×2"];

    /// <summary>The figure as PNG; null where there are no samples.</summary>
    public static byte[]? Draw(ReportContent content)
    {
        var samples = content.Illustration.Samples.Take(10).ToArray();
        if (samples.Length == 0)
            return null;
        var rows = samples.Any(s => s.Target is not null) ? 3 : 2;
        var scores = samples.Any(s => s.Scores is { Count: > 0 });
        using var canvas = new FigureCanvas(Left + (samples.Length * (Size + Gap)), Top + (rows * (Size + Gap)) + (scores ? Foot : 0));

        var imaging = samples.All(s => s.Error is not null);
        foreach (var (row, name) in (imaging ? ImagingRowNames : RowNames).Take(rows).Index())
            canvas.Text(name, Left - 12, Top + (row * (Size + Gap)) + 11, SKTextAlign.Right);
        if (scores)
            canvas.Text("Scores", Left - 12, Top + (rows * (Size + Gap)) + 11, SKTextAlign.Right);
        foreach (var (i, sample) in samples.Index())
        {
            var x = Left + (i * (Size + Gap));
            Title(canvas, content, sample, x);
            if (imaging)
            {
                Map(canvas, sample.Target!, ColorMap.Inferno, x, Top, 1);
                Map(canvas, sample.Output, ColorMap.Inferno, x, Top + Size + Gap, 1);
                Map(canvas, sample.Error!, ColorMap.Inferno, x, Top + (2 * (Size + Gap)), 0.5);
                continue;
            }

            Map(canvas, sample.Input, ColorMap.Gray, x, Top);
            Map(canvas, sample.Output, ColorMap.Inferno, x, Top + Size + Gap);
            Detectors(canvas, content, sample, x, Top + Size + Gap);
            if (sample.Target is not null)
                Map(canvas, sample.Target, ColorMap.Inferno, x, Top + (2 * (Size + Gap)));
            if (sample.Scores is { Count: > 0 } values)
                Bars(canvas, content, sample, values, x, Top + (rows * (Size + Gap)));
        }

        return canvas.ToPng();
    }

    private static void Title(FigureCanvas canvas, ReportContent content, ShownSample sample, double x)
    {
        if (sample.Correct is not { } correct)
        {
            canvas.Text(sample.Error is not null && sample.Caption.Split(", ") is [_, var second, ..] ? second : sample.Caption, x, Top - 12, size: 10.5);
            return;
        }

        var label = Wording.ClassOf(content, sample.Label!.Value);
        canvas.Text(label, x, Top - 12, size: 13, color: FigureCanvas.Ink, bold: true);
        canvas.Text(
            $"read as {Wording.ClassOf(content, sample.Predicted!.Value)}",
            x + FigureCanvas.WidthOf(label, 13, bold: true) + 8, Top - 12, color: correct ? FigureCanvas.Quiet : FigureCanvas.Wrong);
    }

    private static void Map(FigureCanvas canvas, float[,] values, ColorMap colors, double x, double y, double? scale = null)
    {
        var brightest = scale ?? values.Cast<float>().Where(float.IsFinite).DefaultIfEmpty(0).Max();
        canvas.Image(IndexedImage.FromValues(values, colors, 0, brightest), x, y, Size, Size);
    }

    private static void Detectors(FigureCanvas canvas, ReportContent content, ShownSample sample, double x, double y)
    {
        var (down, across) = (Size / sample.Output.GetLength(0), Size / sample.Output.GetLength(1));
        foreach (var region in content.Illustration.Detectors)
        {
            var hit = region.Class == sample.Predicted;
            var color = hit ? new SKColor(0x7F, 0xE3, 0xC0) : new SKColor(255, 255, 255, 130);
            canvas.Frame(
                x + (region.Left * across), y + (region.Top * down), region.Width * across, region.Height * down,
                hit && sample.Correct == false ? new SKColor(0xFF, 0x9D, 0x85) : color, hit ? 1.6 : 0.8, region.IsNegative);
        }
    }

    private static void Bars(FigureCanvas canvas, ReportContent content, ShownSample sample, IReadOnlyList<float> scores, double x, double y)
    {
        const double Tall = 40;
        var lengths = ScoreBars.Lengths(scores);
        var pitch = Size / scores.Count;
        for (var i = 0; i < scores.Count; i++)
        {
            var height = Tall * lengths[i];
            canvas.Fill(x + (i * pitch) + 1.5, y + Tall - height, pitch - 3, height, i == sample.Predicted ? FigureCanvas.Accent : FigureCanvas.Second);
            if (scores.Count <= 12 && Wording.ClassOf(content, i).Length <= 2)
                canvas.Text(Wording.ClassOf(content, i), x + ((i + 0.5) * pitch), y + Tall + 11, SKTextAlign.Center, size: 9);
        }

        canvas.Line(x, y + Tall, x + Size, y + Tall, FigureCanvas.Quiet, 0.6);
    }
}
