using System.Globalization;
using OpticalQAT.Reports;
using OpticalQAT.Tasks;
using OpticalQAT.Units;

namespace OpticalQAT.Studies.Robustness;

/// <summary>A robustness study as one page that stands alone: the tables and the charts are in it, and it loads nothing.</summary>
public static class RobustnessPage
{
    /// <summary>The page as HTML text, also well-formed XML. The same result gives the same text.</summary>
    public static string Write(RobustnessResult result, IReadOnlyDictionary<string, byte[]> figures)
    {
        var page = HtmlText.Of($"""
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>Robustness: {result.Plan} · OpticalQAT</title>
            <style>
            {ReportPage.Style("report.css")}</style></head>
            <body><main>
            <header><h1>Robustness: {result.Plan}</h1>
            <p class="lead">{Lead(result)}</p></header>
            {Yield(result, figures)}
            {HtmlText.Join(result.Runs[0].Sweeps.Select((_, i) => Sweep(result, i, figures)))}
            </main><footer>OpticalQAT, plan {result.Plan}, seed {result.Seed}</footer></body></html>
            """);
        return "<!DOCTYPE html>\n" + page.Html + "\n";
    }

    private static string Lead(RobustnessResult result) =>
        $"{(result.Runs.Length == 1 ? "One design" : $"{result.Runs.Length} designs")} on fabricated devices, {NumberText.Count(result.Examples)} test examples each, at hard levels. "
        + (result.Runs.Length == 1 ? "" : "All designs meet the same devices: what is drawn follows from the plan's seed and the device's number. ")
        + $"{Wording.NameOf(result.Score)} without errors: {string.Join(", ", result.Runs.Select(run => $"{run.Name} {Wording.Value(result.Score, run.Nominal[result.Score.Name])}"))}.";

    private static HtmlText Yield(RobustnessResult result, IReadOnlyDictionary<string, byte[]> figures)
    {
        if (result.Runs[0].Yield is not { } first)
            return HtmlText.Empty;
        var rows = result.Runs.Where(run => run.Yield is not null).Select(run => HtmlText.Of(
            $"<tr><th scope=\"row\">{run.Name}</th><td>{NumberText.Percent(run.Yield!.Yield)}</td><td>{Range(run.Yield.Interval)}</td><td>{run.Yield.Good} of {run.Yield.Devices}</td><td>{Wording.Value(result.Score, run.Yield.Mean)}</td><td>{Wording.Value(result.Score, result.Score.HigherIsBetter ? run.Yield.Scores.Min() : run.Yield.Scores.Max())}</td></tr>"));
        return HtmlText.Of($"""
            <section id="yield" aria-labelledby="yield-title"><h2 id="yield-title">Yield</h2>
            <p class="lead">All errors of the process together, on {first.Devices} devices. A device is good that reaches {Wording.Value(result.Score, first.Threshold)}.</p>
            <div class="scroll"><table class="scores"><thead><tr><td></td><th scope="col">yield</th><th scope="col">95 % interval</th><th scope="col">good devices</th><th scope="col">mean {Wording.InSentence(result.Score)}</th><th scope="col">worst device</th></tr></thead>
            <tbody>{HtmlText.Join(rows)}</tbody></table></div>
            {Picture(figures, RobustnessFigures.YieldName, "The share of the devices that reach a score, for each design; the dashed line is the threshold.")}</section>
            """);
    }

    private static HtmlText Sweep(RobustnessResult result, int index, IReadOnlyDictionary<string, byte[]> figures)
    {
        var first = result.Runs[0].Sweeps[index];
        var name = first.Error.Replace('_', ' ');
        var head = HtmlText.Join(first.Points.Select(point => HtmlText.Of($"<th scope=\"col\">{Number(point.Amount)} {first.Unit}</th>")));
        var rows = result.Runs.Select(run => HtmlText.Of(
            $"<tr><th scope=\"row\">{run.Name}</th><td>{Wording.Value(result.Score, run.Nominal[result.Score.Name])}</td>{HtmlText.Join(run.Sweeps[index].Points.Select(point => Cell(result.Score, point)))}</tr>"));
        return HtmlText.Of($"""
            <section id="sweep-{index + 1}" aria-labelledby="sweep-{index + 1}-title"><h2 id="sweep-{index + 1}-title">{Wording.Spelled(first.Error)}</h2>
            <p class="lead">Alone, on {first.Points[0].Scores.Length} devices at each strength; at strength 1: <code>{first.Description}</code></p>
            <div class="scroll"><table class="scores"><caption>Mean {Wording.InSentence(result.Score)} with half its 95 % interval</caption><thead><tr><td></td><th scope="col">none</th>{head}</tr></thead>
            <tbody>{HtmlText.Join(rows)}</tbody></table></div>
            {Picture(figures, RobustnessFigures.NameOf(index, first), $"{Wording.NameOf(result.Score)} against {name}; bands are 95 % intervals of the mean.")}</section>
            """);
    }

    private static HtmlText Cell(Metric metric, SweepPoint point) => HtmlText.Of(
        $"<td>{Wording.Value(metric, point.Mean)} <span class=\"error\">{(point.Interval is { } interval ? "± " + Number(interval.HalfWidth * (metric.IsFraction ? 100 : 1)) : "")}</span></td>");

    private static HtmlText Picture(IReadOnlyDictionary<string, byte[]> figures, string name, string caption) => HtmlText.Of(
        $"<figure>{HtmlText.Image(figures[name], caption, BandChart.Width, BandChart.Height)}<figcaption>{caption}</figcaption></figure>");

    private static string Range(Interval shares) => $"{NumberText.Percent(shares.Low)} to {NumberText.Percent(shares.High)}";

    private static string Number(double value) => Math.Abs(value) is > 0 and < 0.01 ? NumberText.Plain(value, 3) : value.ToString("0.###", CultureInfo.InvariantCulture);
}
