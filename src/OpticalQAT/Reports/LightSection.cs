
using OpticalQAT.Optics;
using OpticalQAT.Reports.Drawing;
using OpticalQAT.Tasks;

namespace OpticalQAT.Reports;

/// <summary>Samples plane by plane through the stack: input, light behind each mask, output with the detectors drawn over it, scores.</summary>
internal static class LightSection
{
    /// <summary>The chosen samples.</summary>
    public static HtmlText Samples(ReportContent content) => content.Illustration.Samples.Count == 0 ? HtmlText.Empty : HtmlText.Of($"""
        <section id="light" aria-labelledby="light-title"><h2 id="light-title">Light through the stack</h2>
        <p class="lead">{Scale(content)}{Signs(content)}{Aside(content)}</p>
        {HtmlText.Join(content.Illustration.Samples.Select(s => Sample(content, s)))}</section>
        """);

    /// <summary>The mistakes, smaller: input, output, scores.</summary>
    public static HtmlText Mistakes(ReportContent content) => content.Illustration.WorstMistakes.Count == 0 ? HtmlText.Empty : HtmlText.Of($"""
        <section id="mistakes" aria-labelledby="mistakes-title"><h2 id="mistakes-title">Worst mistakes</h2>
        <p class="lead">Test samples that were taken for another class with the most certainty, worst first.</p>
        <div class="grid mistakes">{HtmlText.Join(content.Illustration.WorstMistakes.Select(s => Sample(content, s with { Planes = null, SideView = null })))}</div></section>
        """);

    private static string Scale(ReportContent content) => content.Illustration.Scale
        ?? "Each map of light runs from dark, no light, to bright, its own maximum; the scale is linear in intensity.";

    private static string Signs(ReportContent content) => content.Illustration.Detectors.Any(d => d.IsNegative)
        ? " Each class has two detector regions: light in the solid frame speaks for it, light in the dotted one against it, and the scores are their differences."
        : "";

    private static string Aside(ReportContent content) => content.Bench is { } bench && content.Illustration.Samples.Any(s => s.SideView is not null)
        ? $" From the side one sees the brightest light of each row along its propagation over {Wording.Length(bench.Length)} between planes {Wording.Length(bench.Width)} high (distance and height to different scales, brightness as the root of the intensity); the lines are the masks{(content.Illustration.Detectors.Count > 0 ? ", the mark at the end is the detector that wins" : "")}."
        : "";

    private static HtmlText Sample(ReportContent content, ShownSample sample)
    {
        var (input, output, target) = sample is { Error: { } error, Target: { } truth }
            ? (Map("Ground truth", truth, ColorMap.Inferno, HtmlText.Empty, 1), Map("Output", sample.Output, ColorMap.Inferno, HtmlText.Empty, 1), Map("Error", error, ColorMap.Inferno, HtmlText.Empty, 0.5f))
            : (Map("Input", sample.Input, ColorMap.Gray, HtmlText.Empty), Map("Output", sample.Output, ColorMap.Inferno, Detectors(content, sample)),
                sample.Target is null ? HtmlText.Empty : Map("Target", sample.Target, ColorMap.Inferno, HtmlText.Empty));
        var planes = HtmlText.Join((sample.Planes ?? []).Select((p, i) => Map($"At mask {i + 1}", p, ColorMap.Inferno, HtmlText.Empty)));
        if (sample.SideView is not { } view)
            return HtmlText.Of($"""
                <article class="sample">{Title(content, sample)}
                <div class="maps">{HtmlText.Join([input, planes, output, target, Scores(content, sample)])}</div></article>
                """);
        var atMasks = planes.Html.Length == 0 ? HtmlText.Empty : HtmlText.Of($"""<div class="maps at-masks">{planes}</div>""");
        return HtmlText.Of($"""
            <article class="sample">{Title(content, sample)}
            <div class="flight">{HtmlText.Join([input, Side(content, sample, view), output, target, Scores(content, sample)])}</div>
            {atMasks}</article>
            """);
    }

    private static HtmlText Title(ReportContent content, ShownSample sample)
    {
        var caption = sample.Caption.Length == 0 ? HtmlText.Empty : HtmlText.Of($"<small>{sample.Caption}</small>");
        if (sample.Correct is not { } correct)
            return sample.Caption.Length == 0 ? HtmlText.Empty : HtmlText.Of($"<h3>{caption}</h3>");
        var (label, predicted) = (Wording.ClassOf(content, sample.Label!.Value), Wording.ClassOf(content, sample.Predicted!.Value));
        var verdict = correct ? "right" : "wrong";
        return HtmlText.Of($"""<h3>{label} <span class="{verdict}">read as {predicted}, {verdict}</span> {caption}</h3>""");
    }

    private static HtmlText Map(string name, float[,] values, ColorMap colors, HtmlText overlay, float? brightest = null)
    {
        var image = IndexedImage.FromValues(values, colors, 0, brightest ?? Brightest(values));
        return HtmlText.Of($"""
            <figure><div class="map">{HtmlText.Image(image.ToPng(), name, image.Width, image.Height)}{overlay}</div><figcaption>{name}</figcaption></figure>
            """);
    }

    private static float Brightest(float[,] values) => values.Cast<float>().Where(float.IsFinite).DefaultIfEmpty(0).Max();

    private static HtmlText Detectors(ReportContent content, ShownSample sample)
    {
        if (content.Illustration.Detectors.Count == 0)
            return HtmlText.Empty;
        var (rows, columns) = (sample.Output.GetLength(0), sample.Output.GetLength(1));
        var regions = content.Illustration.Detectors.Select(d => HtmlText.Of($"""
            <rect class="{ClassOf(d, sample)}" x="{d.Left}" y="{d.Top}" width="{d.Width}" height="{d.Height}"><title>{Wording.ClassOf(content, d.Class)}{(d.IsNegative ? ", negative" : "")}</title></rect>
            """));
        return HtmlText.Of($"""<svg class="detectors" viewBox="0 0 {columns} {rows}" role="img" aria-label="Detector regions">{HtmlText.Join(regions)}</svg>""");
    }

    private static string ClassOf(DetectorRegion region, ShownSample sample) => (region.IsNegative ? "negative " : "")
        + (region.Class == sample.Predicted ? (sample.Correct == false ? "missed" : "hit") : region.Class == sample.Label ? "due" : "other");

    private static HtmlText Scores(ReportContent content, ShownSample sample)
    {
        if (sample.Scores is not { Count: > 0 } scores)
            return HtmlText.Empty;
        var lengths = ScoreBars.Lengths(scores);
        var rows = scores.Select((score, i) => HtmlText.Of($"""
            <tr{(i == sample.Predicted ? new HtmlText(" class=\"first\"") : HtmlText.Empty)}><th scope="row">{Wording.ClassOf(content, i)}</th><td class="bar"><i style="width:{100 * lengths[i]}%"></i></td><td>{Wording.Score(score)}</td></tr>
            """));
        return HtmlText.Of($"""<table class="bars"><caption>Scores</caption><tbody>{HtmlText.Join(rows)}</tbody></table>""");
    }

    // Light runs from left to right, as in any drawing of an optical bench; rows stand where the maps beside have them.
    private static HtmlText Side(ReportContent content, ShownSample sample, float[,] view)
    {
        var turned = new float[view.GetLength(1), view.GetLength(0)];
        for (var z = 0; z < view.GetLength(0); z++)
            for (var y = 0; y < view.GetLength(1); y++)
                turned[y, z] = MathF.Sqrt(Math.Max(0, view[z, y])); // spread over the planes, light far down is faint
        var image = IndexedImage.FromValues(turned, ColorMap.Inferno, 0, Brightest(turned));
        return HtmlText.Of($"""
            <figure class="side"><div class="map">{HtmlText.Image(image.ToPng(), "Intensity seen from the side, from the input on the left to the output on the right", image.Width, image.Height)}{Marks(content, sample)}</div><figcaption>From the side</figcaption></figure>
            """);
    }

    private static HtmlText Marks(ReportContent content, ShownSample sample)
    {
        if (content.Bench is not { } bench)
            return HtmlText.Empty;
        const double Long = 1000;
        var rows = sample.Output.GetLength(0);
        var masks = bench.Masks.Select(z => HtmlText.Of($"""<line x1="{Long * z / bench.Length}" x2="{Long * z / bench.Length}" y1="0" y2="{rows}"/>"""));
        var hits = content.Illustration.Detectors.Where(d => d.Class == sample.Predicted && !d.IsNegative).Select(d => HtmlText.Of($"""
            <line class="{ClassOf(d, sample)}" x1="{Long - 3}" x2="{Long - 3}" y1="{d.Top}" y2="{d.Top + d.Height}"/>
            """));
        return HtmlText.Of($"""<svg class="marks" viewBox="0 0 {Long} {rows}" preserveAspectRatio="none" aria-hidden="true">{HtmlText.Join(masks.Concat(hits))}</svg>""");
    }
}
