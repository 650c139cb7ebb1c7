using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Reports;

/// <summary>The drawings in the report of a run, against the run: places on the page are places in the optics.</summary>
public sealed partial class RunReportTests
{
    private SmallRun _run = null!;
    private string _page = "";

    [OneTimeSetUp]
    public void Train()
    {
        // Unequal ways, so that none can stand for another.
        _run = new SmallRun("model.spacing={ input: 2 mm, between: 6 mm, output: 12 mm }");
        _run.Sit();
        _page = File.ReadAllText(_run.Directory.ReportFile);
    }

    [OneTimeTearDown]
    public void Remove() => _run.Dispose();

    [Test]
    public void Detector_regions_stand_where_the_detector_has_them()
    {
        var experiment = SmallModel.With();
        using var task = (OpticalQAT.Tasks.ClassificationTask)experiment.Task.Build(experiment.Optics);
        var drawn = Region().Matches(_page).Take(10).Select(m => (Number(m, "x"), Number(m, "y"), Number(m, "width"), Number(m, "height")));
        Assert.That(drawn, Is.EqualTo(task.Regions.Select(region => ((double)region.Left, (double)region.Top, (double)region.Width, (double)region.Height))));
        Assert.That(task.Regions.Any(region => region.Left != region.Top), Is.True);
    }

    [Test]
    public void From_the_side_masks_stand_at_their_distances_from_the_input()
    {
        var marks = Mask().Matches(_page).Take(2).Select(m => Number(m, "x"));
        Assert.That(marks, Is.EqualTo((double[])[1000 * 2 / 20.0, 1000 * 8 / 20.0]).Within(1e-9));
    }

    [Test]
    public void The_worst_mistake_comes_first()
    {
        // The lead of the class that was read over the right one, sample by sample.
        var mistakes = _page[_page.IndexOf("id=\"mistakes\"", StringComparison.Ordinal)..].Split("<article").Skip(1).ToArray();
        double[] leads = [.. mistakes.Select(Lead)];
        // Scores are written with two digits, so that two mistakes may seem to change places by one of the last.
        Assert.That(leads.Zip(leads.Skip(1), (one, next) => next - one), Is.All.LessThan(0.0101));
        Assert.That(leads[0], Is.GreaterThan(leads[^1] + 0.03), "or any order would do");

        static double Lead(string article)
        {
            var label = Heading().Match(article).Groups["label"].Value.Trim();
            var bars = Bar().Matches(article).ToDictionary(m => m.Groups["name"].Value, m => double.Parse(m.Groups["score"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
            return bars.Values.Max() - bars[label];
        }
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("""<rect class="[a-z ]+" x="(?<x>[\d.]+)" y="(?<y>[\d.]+)" width="(?<width>[\d.]+)" height="(?<height>[\d.]+)">""")]
    private static partial Regex Region();

    [GeneratedRegex("""<line x1="(?<x>[\d.]+)" x2=""")]
    private static partial Regex Mask();

    [GeneratedRegex("<h3>(?<label>[^<]+)<span")]
    private static partial Regex Heading();

    [GeneratedRegex("""<th scope="row">(?<name>[^<]+)</th><td class="bar"><i style="width:[\d.]+%"></i></td><td>(?<score>[-−\d.]+)</td>""")]
    private static partial Regex Bar();
}
