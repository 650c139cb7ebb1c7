using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Cli;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;

namespace OpticalQAT.Tests.Trust;

/// <summary>The place where a run is kept fails: a sentence, nothing half-written, and a run that goes on when the cause is mended.</summary>
public class StorageTests
{
    [Test]
    public void A_disk_that_becomes_full_stops_the_run_and_when_there_is_room_it_goes_on()
    {
        using var undisturbed = new SmallRun();
        undisturbed.Sit();
        using var disk = new TinyDisk(megabytes: 8);
        using var run = new SmallRun(disk.Path, []);

        Assert.That(() => run.Sit(done => { if (done == 13) disk.Fill(); }), Throws.TypeOf<TrainingFailedException>().With.Message.StartsWith("The run's files cannot be written: No space left on device")
            .And.Message.Contains($"resume the run with --resume {run.Directory.Path}"));
        Assert.That(Directory.GetFiles(run.Directory.Path, "*.tmp", SearchOption.AllDirectories), Is.Empty);
        Assert.That(() => run.Sit(), Throws.Exception.With.Message.Contains("No space left on device"));

        disk.Free();
        run.Sit();
        Assert.That(run.StepsDone, Is.EqualTo(SmallRun.Steps - 10));
        Assert.That(run.Model, Is.EqualTo(undisturbed.Model));
        Assert.That(run.Epochs, Is.EqualTo(undisturbed.Epochs));
    }

    [Test]
    public void A_run_on_a_disk_that_is_read_only_does_not_start_and_when_it_is_writable_it_goes_on()
    {
        using var disk = new TinyDisk(megabytes: 8);
        using var run = new SmallRun(disk.Path, []);
        run.SitUntil(7);
        disk.MakeReadOnly();
        Assert.That(() => run.Sit(), Throws.TypeOf<RunDirectoryException>().With.Message.StartsWith($"{run.Directory.Path}: the run's folder cannot be written to ("));
        Assert.That(
            () => RunDirectory.Create(disk.Path, "another", DateTime.Now, "name: another"),
            Throws.TypeOf<RunDirectoryException>().With.Message.Contains("no folder for the run can be made there (Read-only file system"));
        disk.MakeWritable();
        run.Sit();
        Assert.That(run.StepsDone, Is.EqualTo(SmallRun.Steps - 7));
    }

    [Test]
    public void A_folder_that_becomes_unchangeable_stops_the_run()
    {
        using var run = new SmallRun();
        try
        {
            Assert.That(
                () => run.Sit(done => { if (done == 7 && !Shell.Succeeds("chattr", "+i", run.Directory.Path)) throw new IgnoreException("The folder cannot be made unchangeable here."); }),
                Throws.TypeOf<IgnoreException>().Or.TypeOf<TrainingFailedException>().With.Message.StartsWith("The run's files cannot be written: ").And.Message.Contains("--resume"));
        }
        finally
        {
            Shell.Succeeds("chattr", "-i", run.Directory.Path);
        }
        run.Sit();
        Assert.That(run.Directory.IsFinished);
    }

    [Test]
    public void A_folder_that_is_removed_under_a_run_stops_it()
    {
        using var run = new SmallRun();
        Assert.That(
            () => run.Sit(done => { if (done == 7) Directory.Delete(run.Directory.Path, recursive: true); }),
            Throws.TypeOf<TrainingFailedException>().With.Message.EqualTo(
                $"{run.Directory.Path}: the run's folder was removed while the run was under way. Nothing can be saved any more, so the run stops."));
        Assert.That(Directory.Exists(run.Directory.Path), Is.False);
    }

    [Test]
    public void Where_no_folder_can_be_made_the_command_is_wrong()
    {
        using var tiny = new TinyExperiment();
        var failed = tiny.Run("train", "tiny.yaml", "output.folder=tiny.yaml/runs"); // below a file
        Assert.That(failed.ExitCode, Is.EqualTo(2), failed.Errors);
        Assert.That(failed.Errors, Does.Contain("no folder for the run can be made there").And.Contain("output.folder=FOLDER").And.Not.Contain("   at "));
    }

    [Test]
    public void A_full_disk_leaves_the_old_file_and_nothing_beside_it()
    {
        using var disk = new TinyDisk(megabytes: 1);
        var path = Path.Combine(disk.Path, "file");
        AtomicFile.Write(path, "old");
        disk.Fill();
        Assert.That(() => AtomicFile.Write(path, new byte[10_000]), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(disk.Path), Has.Exactly(2).Items);
    }

    [Test]
    public void Two_runs_that_begin_in_one_second_have_two_folders_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var start = new DateTime(2026, 11, 23, 14, 15, 2);
        var runs = new RunDirectory[8];
        Parallel.For(0, runs.Length, i => runs[i] = RunDirectory.Create(folder.Path, "run", start, "name: run"));
        Assert.That(runs.Select(run => run.Id).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(runs.Length));
        Assert.That(Directory.GetDirectories(folder.File("run")), Is.EquivalentTo(runs.Select(run => run.Path)));
        Assert.That(runs.Select(run => File.ReadAllText(run.ConfigurationFile)), Is.All.EqualTo("name: run"));
    }
}
