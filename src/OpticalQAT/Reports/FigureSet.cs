namespace OpticalQAT.Reports;

/// <summary>The pictures of a run directory's <c>figures</c> folder, for slides and papers.</summary>
public static class FigureSet
{
    /// <summary>
    /// PNG files by name: <c>curves.png</c>, <c>masks.png</c>, <c>samples.png</c>, <c>confusion.png</c>, each only
    /// where the content has something to draw. The same content gives the same bytes.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was interrupted, between two figures.</exception>
    public static IReadOnlyDictionary<string, byte[]> Draw(ReportContent content, CancellationToken cancellation = default)
    {
        (string Name, Func<ReportContent, byte[]?> Draw)[] figures =
        [
            ("curves.png", CurvesFigure.Draw),
            ("masks.png", MasksFigure.Draw),
            ("samples.png", SamplesFigure.Draw),
            ("confusion.png", ConfusionFigure.Draw),
        ];
        var drawn = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, draw) in figures)
        {
            cancellation.ThrowIfCancellationRequested();
            if (draw(content) is { } png)
                drawn.Add(name, png);
        }
        return drawn;
    }
}
