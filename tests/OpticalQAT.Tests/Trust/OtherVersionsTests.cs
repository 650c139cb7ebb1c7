using System.Text.Json.Nodes;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Reports;
using OpticalQAT.Runs;

namespace OpticalQAT.Tests.Trust;

/// <summary>The files of a finished run as an older or a newer version would have written them: read as far as that goes, or said to be that.</summary>
public sealed class OtherVersionsTests
{
    private SmallRun _run = null!;
    private Dictionary<string, string> _whole = null!;
    private readonly List<string> _notes = [];

    [OneTimeSetUp]
    public void Train()
    {
        _run = new SmallRun();
        _run.Sit();
        _whole = new[] { _run.Directory.SummaryFile, _run.Directory.EnvironmentFile, _run.Directory.MetricsFile }.ToDictionary(file => file, File.ReadAllText, StringComparer.Ordinal);
    }

    [SetUp]
    public void Restore()
    {
        _notes.Clear();
        foreach (var (file, text) in _whole)
            File.WriteAllText(file, text);
    }

    [OneTimeTearDown]
    public void Remove() => _run.Dispose();

    [Test]
    public void What_a_newer_version_says_besides_is_passed_over()
    {
        Change(_run.Directory.SummaryFile, summary => summary["as_built"] = new JsonObject { ["accuracy"] = 0.5 });
        Change(_run.Directory.EnvironmentFile, environment => environment["cluster"] = "a");
        WriteReport();
        Assert.That(_notes, Is.Empty);
    }

    [Test]
    public void What_an_older_version_did_not_know_is_left_out()
    {
        Change(_run.Directory.SummaryFile, summary => summary.Remove("data"));
        Change(_run.Directory.EnvironmentFile, environment => environment.Remove("data"));
        WriteReport();
        Assert.That(File.ReadAllText(_run.Directory.ReportFile), Does.Contain("trained on examples of glyphs").And.Contain("Computed on"));
    }

    [Test]
    public void An_environment_that_cannot_be_read_leaves_out_its_rows()
    {
        File.WriteAllText(_run.Directory.EnvironmentFile, "{ \"started\": 5");
        WriteReport();
        Assert.That(File.ReadAllText(_run.Directory.ReportFile), Does.Not.Contain("Computed on"));
    }

    [Test]
    public void What_a_report_cannot_do_without_is_named()
    {
        Change(_run.Directory.SummaryFile, summary => { summary.Remove("steps"); summary.Remove("seed"); });
        AssertRefused(_run.Directory.SummaryFile, "it has no 'seed', no 'steps'");
        Restore();
        Change(_run.Directory.SummaryFile, summary => summary["seed"] = "one");
        AssertRefused(_run.Directory.SummaryFile, "its values have other forms");
        Restore();
        Change(_run.Directory.SummaryFile, summary => summary["test"] = new JsonObject { ["score"] = 1 });
        AssertRefused(_run.Directory.SummaryFile, "under 'test' there is no 'accuracy'");
        Restore();
        File.WriteAllText(_run.Directory.MetricsFile, "{\"phase\":\"quantized\",\"step\":1,\"validation\":{\"accuracy\":1,\"loss\":1}}\n");
        AssertRefused(_run.Directory.MetricsFile, "it has no 'epoch'");
        File.WriteAllText(_run.Directory.MetricsFile, "{\"phase\":\"quantized\",\"epoch\":1,\"step\":1,\"validation\":{\"score\":1}}\n");
        AssertRefused(_run.Directory.MetricsFile, "under 'validation' there is no 'accuracy' or no 'loss'");
    }

    [Test]
    public void What_is_cut_off_is_damaged()
    {
        File.WriteAllText(_run.Directory.SummaryFile, _whole[_run.Directory.SummaryFile][..40]);
        Assert.That(WriteReport, Throws.TypeOf<FileFormatException>().With.Message.StartsWith($"{_run.Directory.SummaryFile}: it is damaged: "));
    }

    /// <summary>A finished run has all that a report needs without its checkpoints.</summary>
    [Test]
    public void A_checkpoint_of_another_version_is_not_needed_for_a_report()
    {
        var newest = Directory.GetFiles(_run.Directory.CheckpointFolder).Order(StringComparer.Ordinal).Last();
        var bytes = File.ReadAllBytes(newest);
        using (TorchSharp.torch.NewDisposeScope())
            SealedFile.Write(newest, SealedFile.Read(newest).Tensors, new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "9" });
        WriteReport();
        Assert.That(_notes.Single(), Does.StartWith($"{newest}: a newer version of OpticalQAT wrote this checkpoint (format 9, this one reads 3).").And.EndWith("The report does without it."));
        File.WriteAllBytes(newest, bytes);
    }

    private void AssertRefused(string file, string what) => Assert.That(WriteReport, Throws.TypeOf<FileFormatException>().With.Message.EqualTo(
        $"{file}: {what}: an older or a newer version of OpticalQAT wrote it, or it was changed. It is left as it is; make the report with the version that wrote it"));

    private void WriteReport()
    {
        using var stored = StoredRun.Open(_run.Directory, [], _notes.Add);
        RunReport.Write(stored, _notes.Add);
    }

    private static void Change(string file, Action<JsonObject> change)
    {
        var content = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(content);
        File.WriteAllText(file, content.ToJsonString());
    }
}
