
namespace OpticalQAT.Reports;

/// <summary>
/// A run as one page that stands alone: style, curves and pictures are in it and it loads nothing, so that it can
/// be mailed, archived and opened anywhere. It follows the reader's light or dark, narrow screens, and paper.
/// </summary>
public static class ReportPage
{
    /// <summary>The page as HTML text, also well-formed XML. The same content gives the same text.</summary>
    public static string Write(ReportContent content)
    {
        var page = HtmlText.Of($"""
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{content.Name} · OpticalQAT</title>
            <style>
            {Style("report.css")}</style></head>
            <body><main>
            {Header(content)}
            {HeadlineSection.Render(content)}
            {Curves(content)}
            {MasksSection.Render(content)}
            {LightSection.Samples(content)}
            {ConfusionSection.Render(content)}
            {LightSection.Mistakes(content)}
            {Configuration(content)}
            {Environment(content)}
            </main><footer>OpticalQAT, run {content.Id}</footer></body></html>
            """);
        return "<!DOCTYPE html>\n" + page.Html + "\n";
    }

    private static HtmlText Header(ReportContent content) => HtmlText.Of($"""
        <header><h1>{content.Name}</h1><p class="id">Run {content.Id}</p>
        <p class="lead">{content.Description}</p>
        {Facts(content.Setup, "setup")}</header>
        """);

    private static HtmlText Curves(ReportContent content)
    {
        var charts = TrainingCurves.Of(content);
        return charts.Count == 0 ? HtmlText.Empty : HtmlText.Of($"""
            <section id="curves" aria-labelledby="curves-title"><h2 id="curves-title">Training</h2>
            <div class="grid charts">{HtmlText.Join(charts.Select(LineChartSvg.Render))}</div></section>
            """);
    }

    private static HtmlText Configuration(ReportContent content) => HtmlText.Of($"""
        <section id="configuration" aria-labelledby="configuration-title"><h2 id="configuration-title">Configuration</h2>
        <details><summary>Every setting of this run, defaults written out</summary><pre><code>{content.ResolvedConfiguration}</code></pre></details></section>
        """);

    private static HtmlText Environment(ReportContent content) => content.Environment.Count == 0 ? HtmlText.Empty : HtmlText.Of($"""
        <section id="environment" aria-labelledby="environment-title"><h2 id="environment-title">Environment</h2>
        {Facts(content.Environment, "facts")}</section>
        """);

    private static HtmlText Facts(IReadOnlyList<KeyValuePair<string, string>> facts, string style) => facts.Count == 0 ? HtmlText.Empty : HtmlText.Of($"""
        <dl class="{style}">{HtmlText.Join(facts.Select(f => HtmlText.Of($"<div><dt>{f.Key}</dt><dd>{f.Value}</dd></div>")))}</dl>
        """);

    /// <summary>A style sheet that is carried along.</summary>
    internal static HtmlText Style(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("OpticalQAT.Reports.Resources." + name)!;
        using var reader = new StreamReader(stream);
        return new HtmlText(reader.ReadToEnd());
    }
}
