using OpticalQAT.Reports;
using OpticalQAT.Reports.Drawing;

namespace OpticalQAT.Studies.Comparison;

/// <summary>A row of dots over the level tables.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Style">Its classes in the style sheet.</param>
/// <param name="Points">For each level table that has one: the table's place, the mean, and its interval.</param>
internal sealed record ComparedSeries(string Name, string Style, IReadOnlyList<(int Place, double Mean, Interval? Interval)> Points);

/// <summary>
/// Scores against level tables as inline SVG, and what each loses against full precision on a logarithmic axis, on
/// which a loss of a tenth of a point and one of eighty can both be read.
/// </summary>
internal sealed class ComparisonChart(ComparisonResult result)
{
    private const double Width = 480, Height = 300, Left = 52, Right = 468, Top = 14, Bottom = 262;
    private const double Dodge = 5;
    private const int Colours = 8;

    /// <summary>The level tables, those of few levels first.</summary>
    public IReadOnlyList<string> Tables { get; } =
        [.. result.Rows.Where(row => row.Levels is not null).OrderBy(row => row.LevelCount).Select(row => row.Levels!).Distinct(StringComparer.Ordinal)];

    /// <summary>The names of the table's rows.</summary>
    public IReadOnlyList<string> Names => [.. Grouped().Select(group => group.Key)];

    /// <summary>Score against levels.</summary>
    public HtmlText Scores()
    {
        var series = Series(row => row.Mean, row => row.MeanInterval);
        var reference = result.Rows[0];
        var y = Axis.Over(series.SelectMany(each => each.Points).SelectMany(Ends).Concat([reference.Mean ?? double.NaN]));
        double Y(double value) => Bottom - (Math.Clamp(y.Position(value), 0, 1) * (Bottom - Top));
        var ticks = y.Ticks.Select(tick => (Y(tick), result.Score.IsFraction ? Wording.PercentTick(tick, y.Decimals) : Wording.Tick(tick, y.Decimals)));
        return Draw($"{Wording.NameOf(result.Score)} against levels", "mean over seeds, 95 % interval", ticks, Y, series, reference.Mean is { } mean ? (mean, reference.MeanInterval) : null);
    }

    /// <summary>The loss against full precision, on a logarithmic axis; what loses nothing lies at its foot.</summary>
    public HtmlText Losses()
    {
        var scale = result.Score.IsFraction ? 100.0 : 1.0;
        var worse = result.Score.HigherIsBetter ? -1 : 1;
        var series = Series(row => row.Reference is null ? null : worse * row.Difference * scale, row => row.DifferenceInterval is { } known ? Scaled(known) : null);
        var losses = series.SelectMany(each => each.Points).Select(point => point.Mean).Where(loss => loss > 0).DefaultIfEmpty(1).ToArray();
        var (low, high) = ((int)Math.Floor(Math.Log10(Math.Max(losses.Min(), losses.Max() / 1e4))), (int)Math.Ceiling(Math.Log10(losses.Max()) + 1e-9));
        double Y(double loss) => Bottom - (Math.Clamp((Math.Log10(Math.Max(loss, 1e-12)) - low) / Math.Max(1, high - low), 0, 1) * (Bottom - Top));
        var ticks = Enumerable.Range(low, high - low + 1).SelectMany(power => new double[] { Math.Pow(10, power), 3 * Math.Pow(10, power) }).Where(loss => loss <= Math.Pow(10, high) * 1.001)
            .Select(loss => (Y(loss), loss.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)));
        Interval Scaled(Interval known) => worse < 0 ? new(-known.High * scale, -known.Low * scale) : new(known.Low * scale, known.High * scale);
        var unit = result.Score.IsFraction ? "points" : Wording.InSentence(result.Score);
        return Draw("Lost against full precision", $"{unit}, paired by seed, logarithmic", ticks, Y, series, null);
    }

    /// <summary>The legend of the lines.</summary>
    public HtmlText Legend()
    {
        var keys = Series(row => row.Mean, row => row.MeanInterval).Select(each => HtmlText.Of(
            $"""<span class="key"><svg viewBox="0 0 34 10" aria-hidden="true"><g class="{each.Style}"><polyline points="1,5 33,5"/><circle cx="17" cy="5" r="3"/></g></svg>{each.Name}</span>"""));
        var full = HtmlText.Of($"""<span class="key"><svg viewBox="0 0 34 10" aria-hidden="true"><g class="reference"><rect x="1" y="1" width="32" height="8"/><line x1="1" x2="33" y1="5" y2="5"/></g></svg>{result.Rows[0].Name}</span>""");
        return HtmlText.Of($"""<div class="legend">{full}{HtmlText.Join(keys)}</div>""");
    }

    private IEnumerable<IGrouping<string, ComparedRow>> Grouped() =>
        result.Rows.Where(row => row.Levels is not null).GroupBy(row => ComparisonWords.NameOf(result, row), StringComparer.Ordinal);

    private ComparedSeries[] Series(Func<ComparedRow, double?> mean, Func<ComparedRow, Interval?> interval)
    {
        // A method has one colour; what is by height is dashed and hollow.
        var methods = result.Rows.Where(row => string.Equals(row.Role, "method", StringComparison.Ordinal)).Select(row => row.Name).Distinct(StringComparer.Ordinal).ToList();
        return
        [
            .. Grouped().Select(group => new ComparedSeries(
                group.Key,
                string.Equals(group.First().Role, "method", StringComparison.Ordinal)
                    ? $"series s{methods.IndexOf(group.First().Name) % Colours}{(string.Equals(group.First().Gradient, "height", StringComparison.Ordinal) ? " open" : string.Empty)}"
                    : "series rounding",
                [.. group.Where(row => mean(row) is not null).Select(row => (Tables.Index().First(t => string.Equals(t.Item, row.Levels, StringComparison.Ordinal)).Index, mean(row)!.Value, interval(row))).OrderBy(p => p.Index)])),
        ];
    }

    private static IEnumerable<double> Ends((int Place, double Mean, Interval? Interval) point) => [point.Mean];

    private HtmlText Draw(
        string title, string under, IEnumerable<(double Y, string Label)> ticks, Func<double, double> y, ComparedSeries[] series, (double Mean, Interval? Interval)? reference)
    {
        double X(int place, int index) => Left + ((place + 0.5) / Tables.Count * (Right - Left)) + ((index - ((series.Length - 1) / 2.0)) * Math.Min(Dodge, (Right - Left) / Tables.Count / (series.Length + 3)));

        var grid = ticks.Select(tick => HtmlText.Of($"""
            <line class="grid" x1="{Left}" x2="{Right}" y1="{tick.Y}" y2="{tick.Y}"/><text x="{Left - 8}" y="{tick.Y + 4}" text-anchor="end">{tick.Label}</text>
            """));
        var names = Tables.Index().Select(table => HtmlText.Of(
            $"""<text x="{Left + ((table.Index + 0.5) / Tables.Count * (Right - Left))}" y="{Bottom + 20}" text-anchor="middle">{table.Item}</text>"""));
        var lines = series.Index().Select(each => HtmlText.Of($"""
            <g class="{each.Item.Style}"><polyline points="{string.Join(' ', each.Item.Points.Select(p => FormattableString.Invariant($"{X(p.Place, each.Index):0.#},{y(p.Mean):0.#}")))}"/>{HtmlText.Join(each.Item.Points.Select(p => Point(p, X(p.Place, each.Index), y)))}</g>
            """));
        return HtmlText.Of($"""
            <figure class="chart"><figcaption><b>{title}</b> {under}</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}; the table below has the numbers.">
            {HtmlText.Join(grid)}
            {HtmlText.Join(names)}
            {(reference is { } full ? Reference(full, y) : HtmlText.Empty)}
            {HtmlText.Join(lines)}
            </svg></figure>
            """);
    }

    private static HtmlText Point((int Place, double Mean, Interval? Interval) point, double x, Func<double, double> y) => HtmlText.Of(
        $"""{(point.Interval is { } interval ? HtmlText.Of($"""<line x1="{x}" x2="{x}" y1="{y(interval.High)}" y2="{y(interval.Low)}"/>""") : HtmlText.Empty)}<circle cx="{x}" cy="{y(point.Mean)}" r="3"/>""");

    private static HtmlText Reference((double Mean, Interval? Interval) full, Func<double, double> y) => HtmlText.Of(
        $"""<g class="reference">{(full.Interval is { } interval ? HtmlText.Of($"""<rect x="{Left}" width="{Right - Left}" y="{y(interval.High)}" height="{Math.Max(0, y(interval.Low) - y(interval.High))}"/>""") : HtmlText.Empty)}<line x1="{Left}" x2="{Right}" y1="{y(full.Mean)}" y2="{y(full.Mean)}"/></g>""");
}
