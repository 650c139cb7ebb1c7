using OpticalQAT.Reports;
using OpticalQAT.Units;

namespace OpticalQAT.Studies.Comparison;

/// <summary>
/// <c>comparison.html</c>: a comparison as one page that stands alone, in the manner of a run's report. Text from the
/// configuration is escaped; the page is also well-formed XML.
/// </summary>
public static class ComparisonPage
{
    /// <summary>The page. The same result gives the same text.</summary>
    public static string Write(ComparisonResult result)
    {
        var chart = new ComparisonChart(result);
        var page = HtmlText.Of($"""
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{result.Name} · OpticalQAT</title>
            <style>
            {ReportPage.Style("report.css")}{ReportPage.Style("comparison.css")}</style></head>
            <body><main class="comparison">
            <header><h1>{result.Name}</h1><p class="id">Comparison</p><p class="lead">{Lead(result)}</p></header>
            {Failures(result)}
            <section id="charts" aria-labelledby="charts-title"><h2 id="charts-title">Score against levels</h2>
            <div class="grid charts">{chart.Scores()}{chart.Losses()}</div>{chart.Legend()}</section>
            {Table(result, chart)}
            {Seeds(result)}
            {Search(result)}
            {Protocol(result)}
            </main><footer>OpticalQAT, comparison {result.Name}</footer></body></html>
            """);
        return "<!DOCTYPE html>\n" + page.Html + "\n";
    }

    private static string Lead(ComparisonResult result)
    {
        var examples = result.Examples is { } known ? $" Trained on {NumberText.Count(known.Train)} examples, chosen on {NumberText.Count(known.Validation)}, tested on {NumberText.Count(known.Test)}." : string.Empty;
        return $"What printing with few levels costs a model for {result.Task.Replace('_', ' ')}, for each way of training for them, over {result.Seeds.Length} {(result.Seeds.Length == 1 ? "seed" : "seeds")} and "
            + $"{NumberText.Count(result.Steps)} training steps in every row.{examples}";
    }

    private static HtmlText Table(ComparisonResult result, ComparisonChart chart)
    {
        var best = chart.Tables.ToDictionary(levels => levels, levels => result.Rows.Where(row => string.Equals(row.Levels, levels, StringComparison.Ordinal)).Where(row => row.Mean is not null).MaxBy(row => result.Score.Merit(row.Mean!.Value))?.Mean, StringComparer.Ordinal);
        HtmlText Cell(ComparedRow? row) => row is null ? HtmlText.Of($"<td></td>") : HtmlText.Of(
            $"""<td{(row.Mean is { } mean && mean == best[row.Levels!] ? new HtmlText(" class=\"best\"") : HtmlText.Empty)}>{ComparisonWords.Mean(result, row)}<small>{ComparisonWords.Difference(result, row)}</small></td>""");
        var full = result.Rows.Where(row => row.Levels is null).Select(row => HtmlText.Of(
            $"""<tr><th scope="row">{row.Name}</th><td class="wide" colspan="{chart.Tables.Count}">{ComparisonWords.Mean(result, row)}</td></tr>"""));
        var rows = chart.Names.Select(name => HtmlText.Of(
            $"""<tr><th scope="row">{name}</th>{HtmlText.Join(chart.Tables.Select(levels => Cell(result.Rows.FirstOrDefault(row => string.Equals(row.Levels, levels, StringComparison.Ordinal) && string.Equals(ComparisonWords.NameOf(result, row), name, StringComparison.Ordinal)))))}</tr>"""));
        return HtmlText.Of($"""
            <section id="table" aria-labelledby="table-title"><h2 id="table-title">The table</h2>
            <div class="scroll"><table class="scores"><caption>Test split, hard levels: {ComparisonWords.Unit(result)}, mean ± 95 % interval over seeds; below it the mean difference to full precision with the same seed.</caption>
            <thead><tr><td></td>{HtmlText.Join(chart.Tables.Select(levels => HtmlText.Of($"""<th scope="col">{levels}</th>""")))}</tr></thead>
            <tbody>{HtmlText.Join(full)}{HtmlText.Join(rows)}</tbody></table></div></section>
            """);
    }

    private static HtmlText Seeds(ComparisonResult result)
    {
        var rows = result.Rows.Select(row => HtmlText.Of($"""
            <tr><th scope="row">{Title(result, row)}</th>{HtmlText.Join(row.Scores.Select(score => HtmlText.Of($"""<td>{ComparisonWords.Score(result, score.Score)}<small>{(row.Reference is null ? "" : ComparisonWords.Signed(result, score.Difference))}</small></td>""")))}<td>{row.LearningRate?.ToString("G4", System.Globalization.CultureInfo.InvariantCulture) ?? ""}</td><td>{row.FullPrecisionEpochs} + {row.QuantizedEpochs}</td></tr>
            """));
        return HtmlText.Of($"""
            <section id="seeds" aria-labelledby="seeds-title"><h2 id="seeds-title">Seed by seed</h2>
            <details><summary>Every score, the learning rate of phase two, and the epochs of both phases</summary>
            <div class="scroll"><table class="scores"><thead><tr><td></td>{HtmlText.Join(result.Seeds.Select(seed => HtmlText.Of($"""<th scope="col">seed {seed}</th>""")))}<th scope="col">learning rate</th><th scope="col">epochs</th></tr></thead>
            <tbody>{HtmlText.Join(rows)}</tbody></table></div></details></section>
            """);
    }

    private static HtmlText Search(ComparisonResult result)
    {
        if (result.Search is not { } search)
            return HtmlText.Empty;
        var candidates = result.Rows.First(row => row.Searched.Length > 0).Searched;
        var several = search.Schedules.Length > 1;
        var head = candidates.Select(each => HtmlText.Of($"""<th scope="col">{each.LearningRate.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)}{(several ? HtmlText.Of($"<small>{each.Schedule}</small>") : HtmlText.Empty)}</th>"""));
        var rows = result.Rows.Where(row => row.Searched.Length > 0).Select(row => HtmlText.Of($"""
            <tr><th scope="row">{Title(result, row)}</th>{HtmlText.Join(row.Searched.Select(each => HtmlText.Of($"""<td{(each.IsChosen ? new HtmlText(" class=\"best\"") : HtmlText.Empty)}>{(each.Failure is null ? ComparisonWords.Score(result, each.Validation) : "failed")}</td>""")))}</tr>
            """));
        return HtmlText.Of($"""
            <section id="search" aria-labelledby="search-title"><h2 id="search-title">Search</h2>
            <p class="lead">The same for every row: learning rates of phase two{(several ? " and their schedules" : "")}, tried with seed {search.Seed}, chosen by the validation score. The test split played no part.</p>
            <details><summary>Validation scores of everything that was tried</summary>
            <div class="scroll"><table class="scores"><caption>Validation {ComparisonWords.Unit(result)}; what was chosen stands out.</caption><thead><tr><td></td>{HtmlText.Join(head)}</tr></thead><tbody>{HtmlText.Join(rows)}</tbody></table></div></details></section>
            """);
    }

    private static HtmlText Failures(ComparisonResult result)
    {
        var failed = result.Rows.SelectMany(row => row.Scores.Where(score => score.Failure is not null).Select(score => HtmlText.Of($"<li>{Title(result, row)}, seed {score.Seed}: {score.Failure}</li>"))).ToArray();
        return failed.Length == 0 ? HtmlText.Empty : HtmlText.Of($"""<ul class="notes" aria-label="Failed cells"><li>{failed.Length} {(failed.Length == 1 ? "cell" : "cells")} came to no result; the means are over the others.</li>{HtmlText.Join(failed)}</ul>""");
    }

    private static HtmlText Protocol(ComparisonResult result) => HtmlText.Of($"""
        <section id="protocol" aria-labelledby="protocol-title"><h2 id="protocol-title">How it was compared</h2>
        <p class="lead">Within a seed one full-precision model is trained; every method goes on from it through its levels, and full precision goes on from it as well, for as many steps in all. That continued model is the reference, and it is also what is rounded: each height to the nearest level, after the phase offset of each mask that scores best on validation data. Of each run the model with the best hard validation score counts. Differences are taken within a seed, so that what a start has by luck cancels; intervals are Student's over {result.Seeds.Length} {(result.Seeds.Length == 1 ? "seed" : "seeds")}.</p></section>
        """);

    private static string Title(ComparisonResult result, ComparedRow row) => string.Join(", ", new[] { row.Levels, ComparisonWords.NameOf(result, row) }.OfType<string>());
}
