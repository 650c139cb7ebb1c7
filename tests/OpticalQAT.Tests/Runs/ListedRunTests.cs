using System.Text.Json.Nodes;
using NUnit.Framework;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Runs;

/// <summary>The list of runs: whatever a folder holds is listed for what it is, and nothing is thrown.</summary>
public sealed class ListedRunTests
{
    private TemporaryFolder _folder = null!;
    private string _finished = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        using var run = new SmallRun(_folder.Path, []);
        run.Sit();
        _finished = run.Directory.Path;
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_finished_run_has_its_score_on_the_test_split()
    {
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(_finished, "summary.json")))!;
        var listed = ListedRun.In(_finished).Single();

        Assert.That((listed.State, listed.Name, listed.Metric, listed.Remark), Is.EqualTo((ListedState.Finished, "small", "accuracy", (string?)null)));
        Assert.That(listed.Score, Is.EqualTo((double)summary["test"]!["accuracy"]!));
        Assert.That(listed.Levels, Is.EqualTo((int[])[4, 4]));
    }

    [TestCase("summary.json", "", "damaged", "summary.json cannot be read: ")]
    [TestCase("summary.json", "{ \"name\": 3", "damaged", "summary.json cannot be read: ")]
    [TestCase("summary.json", "null", "damaged", "summary.json cannot be read: it is empty")]
    [TestCase("summary.json", "{}", "damaged", "summary.json cannot be read: ")]
    [TestCase("summary.json", null, "unfinished", "quantized, epoch 2; validation")]
    [TestCase("config.yaml", null, "damaged", "config.yaml is missing")]
    [TestCase("model.safetensors", null, "damaged", "model.safetensors is missing")]
    [TestCase("metrics.jsonl", "{ half", "finished", null)]
    [TestCase("summary.json+metrics.jsonl", "{ half", "damaged", "metrics.jsonl cannot be read: ")]
    public void A_run_that_is_changed_is_listed_for_what_it_is(string file, string? content, string state, string? remark)
    {
        using var folder = new TemporaryFolder();
        var copy = folder.File("20260101-000000-aaaa");
        Directory.CreateDirectory(copy);
        foreach (var one in Directory.GetFiles(_finished))
            File.Copy(one, Path.Combine(copy, Path.GetFileName(one)));
        var names = file.Split('+');
        if (names.Length > 1)
            File.Delete(Path.Combine(copy, names[0]));
        if (content is null)
            File.Delete(Path.Combine(copy, file));
        else
            File.WriteAllText(Path.Combine(copy, names[^1]), content);

        var listed = ListedRun.In(folder.Path).Single();

        Assert.That((listed.State.ToString().ToLowerInvariant(), listed.Id), Is.EqualTo((state, "20260101-000000-aaaa")));
        Assert.That(listed.Remark, remark is null ? Is.Null : Does.StartWith(remark).And.Not.Contain("\n"));
    }

    [Test]
    public void A_folder_that_holds_other_things_lists_none_of_them()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("notes"));
        File.WriteAllText(folder.File("readme.txt"), "x");

        Assert.That(ListedRun.In(folder.Path), Is.Empty);
    }
}
