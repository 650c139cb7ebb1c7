using NUnit.Framework;

namespace OpticalQAT.Tests.Cli;

/// <summary><c>report</c> and <c>schema</c>.</summary>
public sealed class ReportVerbTests
{
    private TinyExperiment _tiny = null!;
    private string _run = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _tiny = new TinyExperiment();
        var trained = _tiny.Run("train", "tiny.yaml");
        Assert.That(trained.ExitCode, Is.Zero, trained.Errors);
        _run = _tiny.Runs.Single();
    }

    [OneTimeTearDown]
    public void Remove() => _tiny.Dispose();

    [Test]
    public void The_report_made_anew_is_the_one_that_training_wrote()
    {
        var page = Path.Combine(_run, "report.html");
        var (before, figures) = (File.ReadAllText(page), Figures());
        File.Delete(page);
        Directory.Delete(Path.Combine(_run, "figures"), recursive: true);

        var result = _tiny.Run("report", _run, "--json");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Json.GetProperty("finished").GetBoolean());
        Assert.That(result.Json.GetProperty("report").GetString(), Does.EndWith("report.html"));
        Assert.That(File.ReadAllText(page), Is.EqualTo(before));
        Assert.That(before, Does.Contain("From the side").And.Contain("At mask 2").And.Contain("Computed on"));
        Assert.That(Figures(), Is.EqualTo(figures));
    }

    [Test]
    public void A_run_that_is_not_finished_is_shown_as_far_as_it_got()
    {
        using var pieces = new TinyExperiment();
        var stopped = CommandResult.Interrupted(pieces.Folder, "TERM", "quantized, epoch 2", "train", "tiny.yaml", "training.quantized.epochs=60");
        Assert.That(stopped.ExitCode, Is.EqualTo(143), stopped.Errors);
        var run = pieces.Runs.Single();

        var result = pieces.Run("report", run);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors, Does.Contain("not finished"));
        var page = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.That(page, Does.Contain("This run is not finished").And.Contain("of 60 epochs of the phase &#39;quantized&#39;").And.Contain("id=\"masks\"").And.Contain("id=\"curves\""));
        Assert.That(page, Does.Not.Contain("id=\"confusion\""));
    }

    [Test]
    public void A_missing_dataset_is_named()
    {
        using var other = new TinyExperiment();
        Assert.That(other.Run("train", "tiny.yaml").ExitCode, Is.Zero);
        var run = other.Runs.Single();
        var file = Path.Combine(run, "config.yaml");
        // As it is where the report is made on another machine than the run.
        var lines = File.ReadAllLines(file).ToList();
        var dataset = lines.FindIndex(line => line.Trim() is "dataset:");
        var after = lines.FindIndex(dataset + 1, line => line.TakeWhile(c => c == ' ').Count() <= lines[dataset].TakeWhile(c => c == ' ').Count());
        lines.RemoveRange(dataset, after - dataset);
        lines.Insert(dataset, "  dataset: { kind: mnist, folder: nowhere }");
        File.WriteAllLines(file, lines);

        var result = other.Run("report", run);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("nowhere").And.Not.Contain("   at "));
        Assert.That(other.Run("report", run, "model.layers=3").Errors, Does.Contain("'model.layers' belongs to the run"));
    }

    [Test]
    public void What_is_no_run_is_refused()
    {
        var result = _tiny.Run("report", _tiny.Folder);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("this is no run directory"));
    }

    [Test]
    public void The_schema_is_printed_and_nothing_else([Values] bool asJson)
    {
        var schema = asJson ? _tiny.Run("schema", "--json") : _tiny.Run("schema");

        Assert.That(schema.ExitCode, Is.Zero, schema.Errors);
        Assert.That(schema.Json.GetProperty("$schema").GetString(), Does.Contain("json-schema.org"));
        Assert.That(schema.Errors, Is.Empty);
    }

    private Dictionary<string, byte[]> Figures() =>
        Directory.GetFiles(Path.Combine(_run, "figures")).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
}
