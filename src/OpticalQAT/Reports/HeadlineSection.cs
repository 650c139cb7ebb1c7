using OpticalQAT.Tasks;
using OpticalQAT.Units;

namespace OpticalQAT.Reports;

/// <summary>The numbers that a reader looks for first, and what the limit to printable levels cost, in words.</summary>
internal static class HeadlineSection
{
    public static HtmlText Render(ReportContent content)
    {
        var levels = Wording.Levels(content);
        var figures = new[]
        {
            Figure(content, content.FullPrecision, "Full precision", "before any rounding", content.Quantized is null),
            Figure(content, content.PostTraining, "Rounded", levels is null ? "after training" : $"to {levels}, after training", strong: false),
            Figure(content, content.Quantized, "Trained for its levels", levels is null ? "at hard levels" : $"{levels}, hard", strong: true),
        };
        var scored = figures.Any(f => f.Html.Length > 0);
        return HtmlText.Of($"""
            <section id="results" aria-labelledby="results-title"><h2 id="results-title">Result</h2>
            <div class="headline">{HtmlText.Join(figures)}</div>
            <div class="{(content.FreeSpace is null ? "verdicts" : "verdicts wide")}"><div>{Paragraph(scored ? Verdict(content) : "This run has no score on the test split.")}
            {Notes(content)}</div>
            {Table(content)}</div>
            </section>
            """);
    }

    /// <summary>The cost of the level limit and the gain of training for it, from the main metric.</summary>
    internal static string Verdict(ReportContent content)
    {
        var metric = content.MainMetric;
        var name = Wording.InSentence(metric);
        var full = content.FullPrecision?[metric];
        var rounded = content.PostTraining?[metric];
        var trained = content.Quantized?[metric];
        var limit = Wording.Levels(content) is { } levels ? $"Having only {levels}" : "Having only these levels";

        var sentences = new List<string>();
        if (full is { } f && trained is { } t)
            sentences.Add((metric.Reaches(t, f), metric.HigherIsBetter) switch
            {
                (true, true) => $"{limit} cost no {name}: the trained masks are {Wording.Difference(metric, t - f)} above full precision.",
                (true, false) => $"{limit} raised no {name}: the trained masks are {Wording.Difference(metric, f - t)} below full precision.",
                (false, true) => $"{limit} cost {Wording.Difference(metric, f - t)} of {name} against full precision.",
                (false, false) => $"{limit} raised the {name} by {Wording.Difference(metric, t - f)} against full precision.",
            });
        if (full is { } f2 && rounded is { } r)
            sentences.Add(metric.Reaches(r, f2)
                ? "Rounding the full-precision masks lost nothing."
                : $"Rounding the full-precision masks without further training lost {Wording.Difference(metric, metric.Gain(f2, r))}.");
        if (rounded is { } r2 && trained is { } t2)
            sentences.Add(metric.IsBetter(t2, r2)
                ? $"Training through the quantizer was worth {Wording.Difference(metric, metric.Gain(t2, r2))} over rounding."
                : $"Training through the quantizer won nothing over rounding ({Wording.Difference(metric, metric.Gain(r2, t2))} {(metric.HigherIsBetter ? "below" : "above")} it).");
        if (content.FreeSpace?[metric] is { } floor)
            sentences.Add($"Free space alone, its read-out fitted, reaches {Wording.Value(metric, floor)}.");
        if (content.FullPrecision?.Steps is { } before && content.Quantized?.Steps is { } after && before != after)
            sentences.Add($"The full-precision model had {NumberText.Count(before)} training steps, the quantized one {NumberText.Count(after)} in all.");
        return string.Join(' ', sentences);
    }

    private static HtmlText Figure(ReportContent content, ReportScore? score, string title, string under, bool strong)
    {
        if (score?[content.MainMetric] is not { } value)
            return HtmlText.Empty;
        return HtmlText.Of($"""
            <div class="{(strong ? "score strong" : "score")}"><p class="label">{title}</p><p class="value">{Wording.Value(content.MainMetric, value)}{Error(content, content.MainMetric, value)}</p><p class="under">{Wording.NameOf(content.MainMetric)}, {under}</p></div>
            """);
    }

    // Only a counted share has a binomial error; other metrics would need their spread over the samples.
    private static HtmlText Error(ReportContent content, Metric metric, double? value) =>
        content.TestSamples is > 0 and var n && metric.IsCounted && value is >= 0 and <= 1 and { } p
            ? HtmlText.Of($"""<span class="error"> ± {100 * Math.Sqrt(p * (1 - p) / n):0.0}</span>""")
            : HtmlText.Empty;

    private static HtmlText Paragraph(string text) => text.Length == 0 ? HtmlText.Empty : HtmlText.Of($"""<p class="verdict">{text}</p>""");

    private static HtmlText Notes(ReportContent content) => content.Notes.Count == 0
        ? HtmlText.Empty
        : HtmlText.Of($"""<ul class="notes" aria-label="Notes">{HtmlText.Join(content.Notes.Select(n => HtmlText.Of($"<li>{n}</li>")))}</ul>""");

    private static HtmlText Table(ReportContent content)
    {
        (string Name, ReportScore? Score)[] columns =
            [("Free space", content.FreeSpace), ("Full precision", content.FullPrecision), ("Post-training", content.PostTraining), ("Quantization-aware", content.Quantized)];
        var shown = columns.Where(c => c.Score is not null).ToArray();
        if (shown.Length == 0)
            return HtmlText.Empty;

        var metrics = shown.SelectMany(c => c.Score!.Metrics.Select(m => m.Key)).Distinct()
            .OrderBy(m => m == content.MainMetric ? 0 : 1);
        var rows = metrics.Select(m => HtmlText.Of($"""
            <tr><th scope="row">{Wording.NameOf(m)}</th>{HtmlText.Join(shown.Select(c => HtmlText.Of($"<td>{Wording.Value(m, c.Score![m])}{Error(content, m, c.Score[m])}</td>")))}</tr>
            """));
        var samples = content.TestSamples is { } n ? $", {NumberText.Count(n)} samples" + (metrics.Any(m => m.IsCounted) ? "; ± is one standard error" : "") : "";
        return HtmlText.Of($"""
            <div class="scroll"><table class="scores"><caption>Scores on the test split, in the model of thin masks{samples}</caption>
            <thead><tr><td></td>{HtmlText.Join(shown.Select(c => HtmlText.Of($"""<th scope="col">{c.Name}</th>""")))}</tr></thead>
            <tbody>{HtmlText.Join(rows)}</tbody></table></div>
            """);
    }
}
