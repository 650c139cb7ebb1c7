using System.Xml.Linq;
using NUnit.Framework;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Tasks;

namespace OpticalQAT.Tests.Reports;

public sealed class ComparisonPageTests
{
    private static readonly string[] Sections = ["charts", "table", "seeds", "search", "protocol"];

    [Test]
    public void ThePageIsWellFormed_HasItsSections_AndLoadsNothing()
    {
        var page = Parse(ComparisonPage.Write(Sample()));

        Assert.That(page.Descendants("section").Select(section => (string?)section.Attribute("id")), Is.EqualTo(Sections));
        Assert.That(page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href"), Is.Empty);
        Assert.That(page.Descendants("script").Concat(page.Descendants("link")), Is.Empty);
    }

    [Test]
    public void TheTableHasTheMeansTheirIntervalsAndTheDifferences()
    {
        var cells = Parse(ComparisonPage.Write(Sample())).Descendants("table").First().Element("tbody")!.Elements("tr").Select(row => string.Join(" | ", row.Elements().Select(cell => cell.Value.Replace('\u00A0', ' '))));

        // Differences of -2 and -3 points: mean -2.5, deviation 0.7071, t 12.706, half the interval 6.353.
        Assert.That(cells.Last(), Is.EqualTo("a <b> & c | 94.50 ± 12.71\u22122.50 ± 6.35"));
    }

    [Test]
    public void ALossIsReadOffALogarithmicAxis()
    {
        var losses = Parse(ComparisonPage.Write(Sample())).Descendants("figure").Last();
        var heights = losses.Descendants("g").Where(g => ((string?)g.Attribute("class"))!.StartsWith("series", StringComparison.Ordinal))
            .Select(g => (double)g.Element("circle")!.Attribute("cy")!).ToArray();
        var ticks = losses.Descendants("text").Where(t => t.Value is "1" or "10").Select(t => (double)t.Attribute("y")! - 4).ToArray();

        // 20 points and 2.5 points: log10(20 / 2.5) = 0.903 of a decade apart.
        Assert.That((heights[1] - heights[0]) / Math.Abs(ticks[1] - ticks[0]), Is.EqualTo(0.90309).Within(0.01));
    }

    /// <summary>Read as shares that are wrong, the same numbers are won and not lost, and the lowest of a column is the best.</summary>
    [Test]
    public void WhereLowerIsBetterTheLowestIsTheBestAndARiseIsALoss()
    {
        var sample = Sample() with { Score = new Metric("error", MetricUnit.Fraction, HigherIsBetter: false) };
        var page = Parse(ComparisonPage.Write(sample));
        Assert.That(page.Descendants("td").First(cell => (string?)cell.Attribute("class") is "best").Value.Replace('\u00A0', ' '), Does.StartWith("77.00"));

        var risen = sample with { Rows = [sample.Rows[0], .. sample.Rows.Skip(1).Select(row => row with { Scores = [.. row.Scores.Select(score => score with { Difference = -score.Difference })] })] };
        Assert.That(Losses(ComparisonPage.Write(risen)), Is.EqualTo(Losses(ComparisonPage.Write(Sample()))));

        static string Losses(string html) => string.Concat(Parse(html).Descendants("figure").Last().Descendants("circle").Select(circle => circle.Attribute("cy")!.Value + " "));
    }

    [Test]
    public void TheTableForOthersHasALineForEachRowAndSeed()
    {
        var lines = ComparisonCsv.Write(Sample()).TrimEnd('\n').Split('\n');

        Assert.That(lines, Has.Length.EqualTo(1 + (3 * 2)));
        Assert.That(lines[0], Does.StartWith("role,levels,level_count,name,quantizer,gradient,seed,score,difference"));
        Assert.That(lines[5], Does.StartWith("method,4 levels,4,a <b> & c,straight_through,height,1,0.955,-0.02,0.95,0.03,\"{ kind: cosine, from: 1 }\""));
    }

    [Test]
    public void AGradientIsNamedWhereItTellsRowsApart()
    {
        var sample = Sample();
        var row = sample.Rows[2];
        string NameOf(ComparedRow named, params ComparedRow[] others) => ComparisonWords.NameOf(sample with { Rows = [named, .. others] }, named);

        Assert.That(NameOf(row), Is.EqualTo("a <b> & c"));
        Assert.That(NameOf(row, row with { Gradient = "transmission" }), Is.EqualTo("a <b> & c, by height"));
        Assert.That(NameOf(row with { Name = "straight through" }), Is.EqualTo("straight through, by height"));
    }

    [Test]
    public void InMarkdownThereIsALineForEachLevelTable()
    {
        var lines = ComparisonMarkdown.Write(Sample()).Replace('\u00A0', ' ').Split('\n');

        Assert.That(lines[0], Is.EqualTo("| accuracy in % | full precision, continued | rounded | a <b> & c |"));
        Assert.That(lines[2], Is.EqualTo("| 4 levels | 97.00 ± 6.35 | 77.00 ± 6.35 (\u221220.00 ± 0.00) | 94.50 ± 12.71 (\u22122.50 ± 6.35) |"));
        Assert.That(lines[4], Does.StartWith("Test split of 30 examples, hard levels, 2 seeds, 1234 training steps"));
    }

    private static XDocument Parse(string html) => XDocument.Parse(html[html.IndexOf('\n', StringComparison.Ordinal)..]);

    private static ComparisonResult Sample()
    {
        ComparedScore[] Scores(double first, double second, bool isReference = false) =>
        [
            Score(1, first, isReference ? null : first - 0.975),
            Score(2, second, isReference ? null : second - 0.965),
        ];
        ComparedScore Score(int seed, double score, double? difference) =>
            new(seed, score, difference is { } d ? Math.Round(d, 10) : null, 0.95, new Dictionary<string, double>(StringComparer.Ordinal) { ["accuracy"] = score }, 12, $"runs/{seed}", null);
        return new ComparisonResult
        {
            Name = "sample <comparison>",
            Task = "classification",
            Score = ClassificationTask.Accuracy,
            Seeds = [1, 2],
            Examples = new(100, 20, 30),
            Steps = 1234,
            Search = new(1, [0.03], ["{ kind: cosine, from: 1 }"]),
            Seconds = 1,
            Rows =
            [
                Row("full_precision", "full precision, continued", null, Scores(0.975, 0.965, isReference: true)),
                Row("post_training", "rounded", null, Scores(0.775, 0.765)),
                Row("method", "a <b> & c", "height", Scores(0.955, 0.935)),
            ],
        };
    }

    private static ComparedRow Row(string role, string name, string? gradient, ComparedScore[] scores) => new()
    {
        Role = role,
        Name = name,
        Quantizer = gradient is null ? null : "straight_through",
        Gradient = gradient,
        Levels = role is "full_precision" ? null : "4 levels",
        LevelCount = role is "full_precision" ? null : 4,
        FullPrecisionEpochs = 3,
        QuantizedEpochs = 3,
        Reference = role is "full_precision" ? null : 0,
        LearningRate = 0.03,
        Schedule = "{ kind: cosine, from: 1 }",
        Scores = scores,
        Searched = role is "post_training" ? [] : [new(0.03, "{ kind: cosine, from: 1 }", 0.95, true, null)],
    };
}
