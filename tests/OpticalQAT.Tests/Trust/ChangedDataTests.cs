using System.Text.Json.Nodes;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Tests.Data;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Studies.Comparison;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Trust;

/// <summary>A run goes on with the examples that it was begun with, or not at all; and it says in its files what they were.</summary>
public sealed class ChangedDataTests
{
    [TestCase("train/0/1.png", "the training split has 9 examples as before, but they are others, or in another order")]
    [TestCase("val/0/1.png", "the validation split has 6 examples as before, but they are others, or in another order")]
    [TestCase("test/0/7.png", "the test split had 6 examples and has 7")]
    public void A_run_is_not_resumed_with_other_examples(string changed, string difference)
    {
        using var set = TinySet.Of("image_folder");
        using var run = new SmallRun(set.Overrides);
        run.SitUntil(3);
        var before = Files(run.Directory);
        TinySet.WritePicture(Path.Combine(set.Folder!, changed), 1000);

        Assert.That(() => run.Sit(), Throws.TypeOf<RunDirectoryException>().With.Message.EqualTo(
            $"{run.Directory.Path}: the run was begun with other examples than there are now, and these cannot continue it: {difference}. Bring back the examples that it was begun with, or start a new run with those that there are."));
        Assert.That(Files(run.Directory), Is.EqualTo(before), "nothing is written");
    }

    [Test]
    public void It_is_resumed_where_the_examples_lie_in_another_place_or_are_brought_back()
    {
        using var set = TinySet.Of("image_folder");
        using var moved = TinySet.Of("image_folder");
        using var undisturbed = new SmallRun(set.Overrides);
        undisturbed.Sit();
        using var run = new SmallRun(set.Overrides);
        run.SitUntil(3);
        var picture = Path.Combine(set.Folder!, "train/0/1.png");
        var bytes = File.ReadAllBytes(picture);
        TinySet.WritePicture(picture, 1000);
        Assert.That(() => run.Sit(), Throws.TypeOf<RunDirectoryException>());
        File.WriteAllBytes(picture, bytes);
        run.SitUntil(2);
        Assert.That(run.StepsDone, Is.EqualTo(2));
        run.Sit(overrides: moved.Overrides);
        Assert.That(run.Model, Is.EqualTo(undisturbed.Model));
    }

    [Test]
    public void Summary_and_environment_say_what_the_examples_were()
    {
        using var run = new SmallRun();
        var summary = run.Sit();
        using var data = SmallModel.With().Task.Dataset.Load();
        var digest = DataDigest.Of(data);
        Assert.That(summary.Data, Is.EqualTo(digest.Text));
        Assert.That((string?)JsonNode.Parse(File.ReadAllText(run.Directory.SummaryFile))!["data"], Is.EqualTo(digest.Text));
        Assert.That((string?)JsonNode.Parse(File.ReadAllText(run.Directory.EnvironmentFile))!["data"]!["test"]!["sha256"], Is.EqualTo(digest.Test.Sha256));
        Assert.That(RunEnvironment.Read(run.Directory)!.Data!.DifferenceTo(digest), Is.Null);
    }

    [Test]
    public void A_run_without_its_empty_folders_is_resumed()
    {
        using var run = new SmallRun();
        Directory.Delete(run.Directory.CheckpointFolder);
        run.Sit(done => { if (done == 7) Directory.Delete(run.Directory.CheckpointFolder, recursive: true); });
        Assert.That(run.Directory.IsFinished);
        Assert.That(Directory.GetFiles(run.Directory.CheckpointFolder), Is.Not.Empty);
    }

    [Test]
    public void A_report_says_where_its_examples_are_others_than_the_runs()
    {
        using var set = TinySet.Of("image_folder");
        using var run = new SmallRun(set.Overrides);
        run.Sit();
        TinySet.WritePicture(Path.Combine(set.Folder!, "test/0/1.png"), 1000);
        using var stored = StoredRun.Open(run.Directory, [], _ => { });
        RunReport.Write(stored, _ => { });
        Assert.That(File.ReadAllText(run.Directory.ReportFile), Does.Contain("they are others than the run"));
    }

    /// <summary>In one process, as a library is used: what a plan looked at is not taken for what lies there now.</summary>
    [Test]
    public void A_comparison_that_is_read_anew_looks_at_its_examples_anew()
    {
        using var small = new SmallComparison();
        using var folder = new MnistFolder();
        var before = Key();
        Assert.That(Key(), Is.EqualTo(before));
        folder.Write("t10k", [2, 1, 0, 1]);
        Assert.That(Key(), Is.Not.EqualTo(before));

        string Key()
        {
            var plan = small.Plan($"with.task.dataset={{ kind: mnist, folder: {folder.Path}, validation_count: 3 }}");
            return plan.Settings[2].Cell(plan.CellFolder, plan.Settings[2].Candidates[0], 1).Key;
        }
    }

    [Test]
    public void A_cell_that_starts_from_another_model_is_another_wherever_the_model_lies()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.safetensors"), [1]);
        File.WriteAllBytes(folder.File("b.safetensors"), [1]);
        File.WriteAllBytes(folder.File("c.safetensors"), [2]);
        var keys = ((string[])["a", "b", "c", "d"]).Select(name => ComparisonCell.OfStart("cells", SmallModel.With($"training.start_from={folder.File(name)}.safetensors"), 1).Key).ToArray();
        Assert.That(keys[1], Is.EqualTo(keys[0]));
        Assert.That(keys.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(3));
    }

    [Test]
    public void Examples_that_change_under_a_comparison_stop_it()
    {
        using var set = TinySet.Of("image_folder");
        using var shared = new SharedInputs();
        var (one, two) = (SmallModel.With(set.Overrides), SmallModel.With([.. set.Overrides, "task.detector.gain=50"]));
        using (shared.For(ComparisonCell.OfStart("cells", one, 1), default).Start)
            TinySet.WritePicture(Path.Combine(set.Folder!, "train/0/1.png"), 1000);
        Assert.That(() => shared.For(ComparisonCell.OfStart("cells", two, 1), default), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"the examples of {ConfigurationWriter.WriteInline(one.Task.Dataset)} have changed while the comparison was at work: the training split has 9 examples as before, but they are others, or in another order; "
            + "bring back those that it was begun with, or start it again, and what was finished with the others is not taken for the same"));
    }

    private static Dictionary<string, byte[]> Files(RunDirectory run) => Directory.GetFiles(run.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(file => file, File.ReadAllBytes, StringComparer.Ordinal);
}
