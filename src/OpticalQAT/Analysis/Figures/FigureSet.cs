using OpticalQAT.Analysis.Report;

namespace OpticalQAT.Analysis.Figures;

/// <summary>The pictures of a run directory's <c>figures</c> folder, for slides and papers.</summary>
public static class FigureSet
{
    /// <summary>
    /// PNG files by name: <c>curves.png</c>, <c>masks.png</c>, <c>samples.png</c>, <c>confusion.png</c>, each only
    /// where the content has something to draw. The same content gives the same bytes.
    /// </summary>
    public static IReadOnlyDictionary<string, byte[]> Draw(ReportContent content)
    {
        (string Name, byte[]? Png)[] figures =
        [
            ("curves.png", CurvesFigure.Draw(content)),
            ("masks.png", MasksFigure.Draw(content)),
            ("samples.png", SamplesFigure.Draw(content)),
            ("confusion.png", ConfusionFigure.Draw(content)),
        ];
        return figures.Where(f => f.Png is not null).ToDictionary(f => f.Name, f => f.Png!, StringComparer.Ordinal);
    }
}
