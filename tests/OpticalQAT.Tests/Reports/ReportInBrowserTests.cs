using NUnit.Framework;
using OpticalQAT.Tests.Cli;

namespace OpticalQAT.Tests.Reports;

/// <summary>The report of a real run, looked at in a real browser.</summary>
[Category("Browser")]
public sealed class ReportInBrowserTests
{
    private const int Phone = 360, Desktop = 1200;

    private TinyExperiment _tiny = null!;
    private string _page = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _ = Browser.Program;
        _tiny = new TinyExperiment();
        var trained = _tiny.Run("train", "tiny.yaml");
        Assert.That(trained.ExitCode, Is.Zero, trained.Errors);
        _page = Path.Combine(_tiny.Runs.Single(), "report.html");
    }

    [OneTimeTearDown]
    public void Remove() => _tiny?.Dispose();

    [Test]
    public void The_page_is_whole_says_nothing_on_the_console_and_fits([Values(Phone, 700, Desktop)] int width)
    {
        var found = Browser.Look(_page, width);

        Assert.That(found.Images, Is.GreaterThan(10));
        Assert.That(found.Broken, Is.Zero);
        Assert.That(found.Overflow, Is.Zero);
        Assert.That(found.Console, Is.Empty);
    }

    [Test]
    public void A_page_that_is_broken_would_be_seen()
    {
        var broken = Path.Combine(_tiny.Folder, "broken.html");
        File.WriteAllText(broken, """<!DOCTYPE html><img src="missing.png" alt=""/><div style="width:900px">wide</div><script>console.error('alas');</script>""");

        var found = Browser.Look(broken, Phone);

        Assert.That((found.Images, found.Broken), Is.EqualTo((1, 1)));
        Assert.That(found.Overflow, Is.GreaterThan(500));
        Assert.That(found.Console, Has.Some.Contains("alas"));
    }

    [Test]
    public void A_picture_of_it_is_kept()
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "TestResults");
        Directory.CreateDirectory(folder);
        var png = Path.Combine(folder, "report.png");
        File.Delete(png);

        Browser.Photograph(_page, png, Desktop, 4000);

        TestContext.AddTestAttachment(png, "The report of a tiny run, as Chromium shows it");
        Assert.That(new FileInfo(png).Length, Is.GreaterThan(50_000));
    }
}
