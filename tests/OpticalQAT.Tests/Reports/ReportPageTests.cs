using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using NUnit.Framework;
using OpticalQAT.Reports;
using OpticalQAT.Tasks;
using SkiaSharp;

namespace OpticalQAT.Tests.Reports;

public sealed class ReportPageTests
{
    private static readonly string[] Sections = ["results", "curves", "masks", "light", "confusion", "mistakes", "configuration", "environment"];
    private static readonly string[] Least = ["results", "configuration"];

    [Test]
    public void A_full_run_has_every_section_and_is_well_formed()
    {
        var page = Parse(ReportPage.Write(SampleReport.Full()));

        Assert.That(page.Descendants("section").Select(s => (string?)s.Attribute("id")), Is.EqualTo(Sections));
        Assert.That(page.Descendants("title").First().Value, Does.StartWith("mnist-4-levels"));
    }

    [Test]
    public void A_run_with_nothing_optional_keeps_its_result_and_configuration()
    {
        var page = Parse(ReportPage.Write(SampleReport.Bare()));

        Assert.That(page.Descendants("section").Select(s => (string?)s.Attribute("id")), Is.EqualTo(Least));
        Assert.That(page.Root!.Value, Does.Contain("no score on the test split"));
    }

    [TestCase(false, false, false)]
    [TestCase(true, false, false)]
    [TestCase(false, false, true)]
    [TestCase(true, true, false)]
    public void Any_of_the_scores_may_be_missing(bool full, bool rounded, bool trained)
    {
        var run = SampleReport.Full();
        var page = Parse(ReportPage.Write(run with
        {
            FullPrecision = full ? run.FullPrecision : null,
            PostTraining = rounded ? run.PostTraining : null,
            Quantized = trained ? run.Quantized : null,
        }));

        var columns = page.Descendants("table").Where(t => string.Equals((string?)t.Attribute("class"), "scores", StringComparison.Ordinal)).SelectMany(t => t.Element("thead")!.Descendants("th"));
        Assert.That(columns.Count(), Is.EqualTo(new[] { full, rounded, trained }.Count(x => x)));
    }

    [Test]
    public void The_page_loads_nothing()
    {
        var html = ReportPage.Write(SampleReport.Full());
        var page = Parse(html);

        var loads = page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href" or "srcset" or "data" or "action" or "poster");
        Assert.That(loads.Select(a => a.Value), Is.All.StartsWith("data:image/png;base64,"));
        Assert.That(page.Descendants("script").Concat(page.Descendants("link")), Is.Empty);
        Assert.That(html, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("@import").And.Not.Contain("url("));
    }

    [Test]
    public void Every_picture_decodes_and_has_an_alternative_text()
    {
        var images = Parse(ReportPage.Write(SampleReport.Full())).Descendants("img").ToArray();

        // 4 masks; 3 samples of input, 4 planes, output, side view; 4 mistakes of input and output.
        Assert.That(images, Has.Length.EqualTo(4 + (3 * 7) + (4 * 2)));
        Assert.That(images.Select(i => (string?)i.Attribute("alt")), Is.All.Not.Empty);
        foreach (var image in images)
        {
            using var bitmap = SKBitmap.Decode(Convert.FromBase64String(((string)image.Attribute("src")!).Split(',')[1]));
            Assert.That(bitmap, Is.Not.Null);
            Assert.That((double)bitmap.Width / bitmap.Height, Is.EqualTo((double)image.Attribute("width")! / (double)image.Attribute("height")!));
        }
    }

    [Test]
    public void Text_from_outside_never_becomes_markup()
    {
        const string Hostile = "</style></title><script>alert('x')</script>&amp;\"\u0001\u001b[31m";
        const string Shown = "</style></title><script>alert('x')</script>&amp;\"\uFFFD\uFFFD[31m";
        KeyValuePair<string, string>[] pairs = [new(Hostile, Hostile)];
        var hostile = new Metric(Hostile, MetricUnit.Number, HigherIsBetter: true);
        var run = SampleReport.Full();
        var page = Parse(ReportPage.Write(run with
        {
            Name = Hostile,
            Id = Hostile,
            Description = Hostile,
            ResolvedConfiguration = Hostile,
            Notes = [Hostile],
            Setup = pairs,
            Environment = pairs,
            MainMetric = hostile,
            FullPrecision = new ReportScore([new(hostile, 0.5)]),
            Masks = [.. run.Masks.Select(m => m with { Name = Hostile })],
            Illustration = run.Illustration with
            {
                ClassNames = [.. run.Illustration.ClassNames.Select(_ => Hostile)],
                Samples = [.. run.Illustration.Samples.Select(s => s with { Caption = Hostile })],
                Scale = Hostile,
            },
            Epochs = [.. run.Epochs.Select(e => e with { Phase = Hostile + e.Phase })],
        }));

        Assert.That(page.Descendants("script"), Is.Empty);
        Assert.That(page.Descendants("h1").Single().Value, Is.EqualTo(Shown));
        Assert.That(page.Descendants("pre").Single().Value, Is.EqualTo(Shown));
        Assert.That(page.Descendants("li").Single().Value, Is.EqualTo(Shown));
    }

    [Test]
    public void The_same_content_gives_the_same_page_in_every_culture()
    {
        var here = ReportPage.Write(SampleReport.Full());
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // A culture of our own: the run-time may know no other than the invariant one.
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NumberGroupSeparator = ".";
            CultureInfo.CurrentCulture = comma;
            Assert.That(ReportPage.Write(SampleReport.Make()), Is.EqualTo(here));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Test]
    public void Numbers_that_are_not_finite_do_not_reach_the_drawings()
    {
        var run = SampleReport.Full();
        var html = ReportPage.Write(run with
        {
            Epochs = [.. run.Epochs.Select((e, i) => i == 3 ? e with { TrainLoss = double.NaN, ValidationLoss = double.PositiveInfinity, Validation = double.NaN } : e)],
            FullPrecision = new ReportScore([new(ClassificationTask.Accuracy, double.NaN), new(Metric.Loss, double.PositiveInfinity)]),
            Illustration = run.Illustration with { Samples = [run.Illustration.Samples[0] with { Output = new float[4, 4], Scores = [0, float.NaN, 0] }] },
        });

        var drawn = Parse(html).Descendants().Attributes().Where(a => a.Name.LocalName is not ("alt" or "aria-label"));
        Assert.That(drawn.Select(a => a.Value), Has.None.Matches<string>(v => Regex.IsMatch(v, "NaN|Infinity|∞")));
        Assert.That(html, Does.Contain("not finite"));
    }

    /// <summary>√(p·(1-p)/n) of 80 % of 400 samples is 2 points.</summary>
    [Test]
    public void A_counted_share_has_its_standard_error()
    {
        var score = new ReportScore([new(ClassificationTask.Accuracy, 0.8), new(Metric.Efficiency, 0.8)]);
        var page = ReportPage.Write(SampleReport.Bare() with { FullPrecision = score, TestSamples = 400 });
        Assert.That(Regex.Matches(page, @"<span class=""error""> ± ([\d.]+)</span>").Select(m => m.Groups[1].Value), Is.EqualTo((string[])["2.0", "2.0"]), "in the headline and in the table, of the accuracy alone");
    }

    [Test]
    public void The_verdict_says_what_the_levels_cost()
    {
        Assert.That(HeadlineSection.Verdict(SampleReport.Full()).Replace('\u00A0', ' '), Is.EqualTo(
            "Having only 4 levels cost 1.2 points of accuracy against full precision. "
            + "Rounding the full-precision masks without further training lost 20.2 points. "
            + "Training through the quantizer was worth 19.0 points over rounding. "
            + "The full-precision model had 2,583 training steps, the quantized one 5,166 in all."));
    }

    [Test]
    public void The_verdict_does_not_flatter()
    {
        static ReportScore Score(double ssim) => new([new(PhaseImagingTask.Ssim, ssim)]);
        var run = SampleReport.Bare() with { MainMetric = PhaseImagingTask.Ssim, FullPrecision = Score(0.61), PostTraining = Score(0.64), Quantized = Score(0.63) };

        Assert.That(HeadlineSection.Verdict(run), Is.EqualTo(
            "Having only these levels cost no SSIM: the trained masks are 0.020 above full precision. "
            + "Rounding the full-precision masks lost nothing. "
            + "Training through the quantizer won nothing over rounding (0.010 below it)."));
    }

    [Test]
    public void The_verdict_knows_which_way_is_better()
    {
        var error = new Metric("phase_error", MetricUnit.Radians, HigherIsBetter: false);
        ReportScore Score(double value) => new([new(error, value)]);
        var run = SampleReport.Bare() with { MainMetric = error, FullPrecision = Score(0.61), PostTraining = Score(0.84), Quantized = Score(0.63) };

        Assert.That(HeadlineSection.Verdict(run).Replace('\u00A0', ' '), Is.EqualTo(
            "Having only these levels raised the phase error by 0.020 rad against full precision. "
            + "Rounding the full-precision masks without further training lost 0.230 rad. "
            + "Training through the quantizer was worth 0.210 rad over rounding."));
        Assert.That(HeadlineSection.Verdict(run with { Quantized = Score(0.59), PostTraining = Score(0.58) }).Replace('\u00A0', ' '), Is.EqualTo(
            "Having only these levels raised no phase error: the trained masks are 0.020 rad below full precision. "
            + "Rounding the full-precision masks lost nothing. "
            + "Training through the quantizer won nothing over rounding (0.010 rad above it)."));
    }

    /// <summary>The page as XML: stricter than any browser.</summary>
    private static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
