using OpticalQAT.Reports.Drawing;
using SkiaSharp;

namespace OpticalQAT.Reports;

/// <summary>All masks of a run as height maps, each with its colour bar.</summary>
internal static class MasksFigure
{
    private const double Size = 240, Cell = 340, Row = 290, Margin = 20;

    /// <summary>The figure as PNG; null where there are no masks.</summary>
    public static byte[]? Draw(ReportContent content)
    {
        if (content.Masks.Count == 0)
            return null;
        var columns = content.Masks.Count == 4 ? 2 : Math.Min(content.Masks.Count, 3);
        var rows = (content.Masks.Count + columns - 1) / columns;
        using var canvas = new FigureCanvas((columns * Cell) + Margin, (rows * Row) + Margin);
        foreach (var (i, mask) in content.Masks.Index())
            Draw(canvas, mask, Margin + (i % columns * Cell), Margin + (i / columns * Row));
        return canvas.ToPng();
    }

    private static void Draw(FigureCanvas canvas, ReportMask mask, double x, double y)
    {
        var map = new HeightMap(mask);
        var image = map.ToImage();
        var (width, height) = (Size * Math.Min(1, (double)image.Width / image.Height), Size * Math.Min(1, (double)image.Height / image.Width));
        canvas.Text(mask.Name, x, y + 8, size: 13, color: FigureCanvas.Ink, bold: true);
        canvas.Text($"{image.Width} × {image.Height}, pitch {Wording.Length(mask.PixelPitch)}", x + width, y + 8, SKTextAlign.Right, size: 10.5);
        canvas.Image(image, x, y + 18, width, height);
        ColorBar(canvas, mask, map, x + width + 12, y + 18, height);
    }

    // A table of few levels has a block for each of them; a continuous range has a ramp from end to end.
    private static void ColorBar(FigureCanvas canvas, ReportMask mask, HeightMap map, double x, double y, double height)
    {
        const double Width = 12;
        var heights = mask.LevelTable is { Length: <= 32 } table
            ? table
            : [.. Enumerable.Range(0, 120).Select(i => map.Lowest + (i / 119.0 * (map.Highest - map.Lowest)))];
        var step = height / heights.Length;
        for (var i = 0; i < heights.Length; i++)
            canvas.Fill(x, y + height - ((i + 1) * step), Width, step, FigureCanvas.ColorOf(map.ColorOf(heights[i])));
        canvas.Frame(x, y, Width, height, FigureCanvas.Second, 0.6);

        var blocks = heights.Length <= 32;
        var every = blocks ? Math.Max(1, (heights.Length + 7) / 8) : 119;
        for (var i = 0; i < heights.Length; i += every)
        {
            var at = blocks ? y + height - ((i + 0.5) * step) : y + height - ((double)i / (heights.Length - 1) * height);
            canvas.Text(Wording.Length(heights[i], map.Highest), x + Width + 5, Math.Clamp(at + 4, y + 9, y + height), size: 10.5);
        }
    }
}
