using OpticalQAT.Reports.Drawing;
using OpticalQAT.Units;
using SkiaSharp;

namespace OpticalQAT.Reports;

/// <summary>The confusion matrix, its cells shaded by their share of the true class.</summary>
internal static class ConfusionFigure
{
    private const double Cell = 40, Margin = 20;

    /// <summary>The figure as PNG; null where there is no matrix.</summary>
    public static byte[]? Draw(ReportContent content)
    {
        if (content.Illustration.Confusion is not { Length: > 0 } counts)
            return null;
        var (rows, columns) = (counts.GetLength(0), counts.GetLength(1));
        var left = Margin + 30 + Enumerable.Range(0, rows).Max(r => FigureCanvas.WidthOf(Wording.ClassOf(content, r)));
        const double Top = 70;
        using var canvas = new FigureCanvas(left + (columns * Cell) + Margin, Top + (rows * Cell) + Margin);

        canvas.Text("Predicted class", left + (columns * Cell / 2), 26, SKTextAlign.Center, size: 13, color: FigureCanvas.Ink, bold: true);
        canvas.Text("True", Margin, Top - 10, size: 13, color: FigureCanvas.Ink, bold: true);
        for (var column = 0; column < columns; column++)
            canvas.Text(Fit(Wording.ClassOf(content, column)), left + ((column + 0.5) * Cell), Top - 10, SKTextAlign.Center);

        for (var row = 0; row < rows; row++)
        {
            canvas.Text(Wording.ClassOf(content, row), left - 12, Top + ((row + 0.5) * Cell) + 4, SKTextAlign.Right);
            var total = Math.Max(1, Enumerable.Range(0, columns).Sum(c => counts[row, c]));
            for (var column = 0; column < columns; column++)
                DrawCell(canvas, counts[row, column], (double)counts[row, column] / total, row == column, left + (column * Cell), Top + (row * Cell));
        }

        return canvas.ToPng();
    }

    private static void DrawCell(FigureCanvas canvas, int count, double share, bool right, double x, double y)
    {
        // Mistakes are few: on a linear scale every one of them would be white.
        var shade = right ? 0.45 * share : Math.Sqrt(share);
        var color = right ? FigureCanvas.Accent : FigureCanvas.Wrong;
        canvas.Fill(x + 0.5, y + 0.5, Cell - 1, Cell - 1, new SKColor(245, 246, 247));
        canvas.Fill(x + 0.5, y + 0.5, Cell - 1, Cell - 1, color.WithAlpha((byte)(255 * shade)));
        canvas.Text(
            count == 0 ? "·" : NumberText.Count(count), x + (Cell / 2), y + (Cell / 2) + 4, SKTextAlign.Center,
            color: count == 0 ? FigureCanvas.Second : shade > 0.6 ? SKColors.White : FigureCanvas.Ink);
    }

    // A column is as wide as four or five letters.
    private static string Fit(string name) => name.Length <= 5 ? name : name[..4] + "…";
}
