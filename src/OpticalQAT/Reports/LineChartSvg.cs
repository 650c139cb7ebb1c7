namespace OpticalQAT.Reports;

/// <summary>A line chart as inline SVG; its colours are the page's, so that it follows light and dark.</summary>
internal static class LineChartSvg
{
    // Small enough that the text is still readable when a phone shrinks it, large enough for nine ticks.
    private const double Width = 400, Height = 250, Left = 50, Right = 388, Top = 26, Bottom = 212;

    public static HtmlText Render(LineChart chart)
    {
        double X(double epoch) => Left + (chart.X(epoch) * (Right - Left));
        double Y(double value) => Bottom - (chart.Y.Position(value) * (Bottom - Top));

        var grid = chart.Y.Ticks.Select(t => HtmlText.Of($"""
            <line class="grid" x1="{Left}" x2="{Right}" y1="{Y(t)}" y2="{Y(t)}"/><text x="{Left - 8}" y="{Y(t) + 4}" text-anchor="end">{chart.Format(t, chart.Y.Decimals)}</text>
            """));
        var epochs = chart.EpochTicks.Select(e => HtmlText.Of($"""<text x="{X(e)}" y="{Bottom + 18}" text-anchor="middle">{e}</text>"""));
        var phases = chart.Phases.Count < 2 ? [] : chart.Phases.Select(p => HtmlText.Of($"""
            <line class="phase" x1="{X(p.First - 0.5)}" x2="{X(p.First - 0.5)}" y1="{Top - 16}" y2="{Bottom}"/><text class="phase" x="{X(p.First - 0.5) + 5}" y="{Top - 7}">{p.Name}</text>
            """));
        var curves = chart.Curves.Select(c => HtmlText.Of($"""
            <g class="{ClassOf(c.Style)}">{Lines(chart, c, X, Y)}{Dots(c, X, Y)}</g>
            """));

        return HtmlText.Of($"""
            <figure class="chart"><figcaption><b>{chart.Title}</b><span class="legend">{Legend(chart)}</span></figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Summary(chart)}">
            {HtmlText.Join(grid)}
            {HtmlText.Join(phases)}
            {HtmlText.Join(epochs)}
            <text x="{(Left + Right) / 2}" y="{Height - 4}" text-anchor="middle">epoch</text>
            {HtmlText.Join(curves)}
            </svg></figure>
            """);
    }

    private static HtmlText Legend(LineChart chart) => chart.Curves.Count < 2
        ? HtmlText.Empty
        : HtmlText.Join(chart.Curves.Select(c => HtmlText.Of(
            $"""<span class="key"><svg viewBox="0 0 22 8" aria-hidden="true"><g class="{ClassOf(c.Style)}"><polyline points="1,4 21,4"/></g></svg>{c.Name}</span>""")));

    private static HtmlText Lines(LineChart chart, Curve curve, Func<double, double> x, Func<double, double> y) => HtmlText.Join(chart.Pieces(curve).Select(points =>
        HtmlText.Of($"""<polyline points="{string.Join(' ', points.Select(p => FormattableString.Invariant($"{x(p.X):0.#},{y(p.Y):0.#}")))}"/>""")));

    // With few epochs each is worth a dot; with many the dots would be the line.
    private static HtmlText Dots(Curve curve, Func<double, double> x, Func<double, double> y) => HtmlText.Join(curve.Points
        .Where((_, i) => curve.Points.Count <= 40 || i == curve.Points.Count - 1)
        .Select(p => HtmlText.Of($"""<circle cx="{x(p.X)}" cy="{y(p.Y)}" r="2.2"/>""")));

    private static string Summary(LineChart chart) => $"{chart.Title} over {chart.Epochs} epochs. " + string.Join("; ", chart.Curves.Select(c =>
        $"{c.Name}: from {chart.Format(c.Points[0].Y, chart.Y.Decimals + 1)} to {chart.Format(c.Points[^1].Y, chart.Y.Decimals + 1)}")) + ".";

    private static string ClassOf(CurveStyle style) => style switch
    {
        CurveStyle.Main => "curve main",
        CurveStyle.Dashed => "curve dashed",
        _ => "curve second",
    };
}
