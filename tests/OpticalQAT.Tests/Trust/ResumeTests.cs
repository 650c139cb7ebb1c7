using NUnit.Framework;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Cli;
using OpticalQAT.Training;

namespace OpticalQAT.Tests.Trust;

public sealed class ResumeTests
{
    private SmallRun _undisturbed = null!;

    [OneTimeSetUp]
    public void RunUndisturbed()
    {
        _undisturbed = new SmallRun();
        _undisturbed.Sit();
        Assert.That(_undisturbed.StepsDone, Is.EqualTo(SmallRun.Steps));
    }

    [OneTimeTearDown]
    public void Remove() => _undisturbed.Dispose();

    /// <summary>In the middle of an epoch and between two, in both phases, between the phases, and after the last step.</summary>
    [TestCase(1)]
    [TestCase(5)]
    [TestCase(8)]
    [TestCase(10)]
    [TestCase(13)]
    [TestCase(15)]
    [TestCase(20)]
    public void An_interrupted_run_goes_on_at_the_next_step_and_ends_with_the_same_bytes(int step)
    {
        using var run = new SmallRun();
        run.SitUntil(step);
        Assert.That(run.Directory.IsFinished, Is.False);

        var summary = run.Sit();

        Assert.That(run.StepsDone, Is.EqualTo(SmallRun.Steps - step));
        Assert.That(summary.Steps, Is.EqualTo(SmallRun.Steps));
        AssertSameResult(run);
    }

    [Test]
    public void A_run_can_be_interrupted_at_every_step()
    {
        using var run = new SmallRun();
        for (var step = 0; step < SmallRun.Steps; step++)
        {
            run.SitUntil(1);
            Assert.That(run.StepsDone, Is.EqualTo(1));
        }
        run.Sit();
        Assert.That(run.StepsDone, Is.Zero);
        AssertSameResult(run);
    }

    /// <summary>Whatever a run tells of besides its steps: phases, epochs, what it notes. The next thing that it does is interrupted, a validation, the rounding, a test, the conclusion.</summary>
    [Test]
    public void An_interruption_at_any_event_loses_nothing()
    {
        var count = 0;
        using (var run = new SmallRun { Watched = happened => count += happened is StepDone ? 0 : 1 })
            run.Sit();
        Assert.That(count, Is.GreaterThan(8));
        for (var at = 1; at <= count; at++)
        {
            using var run = new SmallRun();
            using var interruption = new CancellationTokenSource();
            var seen = 0;
            run.Watched = happened =>
            {
                seen += happened is StepDone ? 0 : 1;
                if (seen == at)
                    interruption.Cancel();
            };
            Assert.That(() => run.Sit(cancellation: interruption.Token), Throws.InstanceOf<OperationCanceledException>(), $"event {at} of {count}");
            Assert.That(run.Directory.IsFinished, Is.False);
            run.Watched = null;
            run.Sit();
            AssertSameResult(run);
        }
    }

    /// <summary>The validation behind an epoch's last step is begun anew; the step is not.</summary>
    [Test]
    public void A_validation_that_is_interrupted_costs_no_step()
    {
        using var run = new SmallRun();
        run.SitUntil(5);
        var progress = Checkpoint.ReadNewest(run.Directory.CheckpointFolder, _ => { })!.Progress;
        Assert.That((progress.Epoch, progress.Step, progress.Epochs.Length), Is.EqualTo((0, 5, 1)));
    }

    [Test]
    public void Garbage_among_the_events_for_TensorBoard_is_set_aside()
    {
        using var run = new SmallRun();
        run.SitUntil(8);
        var events = Directory.GetFiles(run.Directory.TensorBoardFolder).Single();
        File.AppendAllText(events, "this is no record of a length and a checksum");
        run.Sit();
        Assert.That(run.Notes[0], Does.StartWith($"The file for TensorBoard {events} is damaged behind its first ").And.Contain("It is kept as events.out.damaged."));
        AssertSameResult(run);
    }

    [TestCase(3, 0)]
    [TestCase(8, 5)]
    [TestCase(14, 10)]
    [TestCase(20, 15)]
    public void A_killed_run_loses_what_came_after_the_last_epoch(int killed, int kept)
    {
        using var run = new SmallRun();
        run.SitUntilKilledAt(killed);
        run.Sit();
        Assert.That(run.StepsDone, Is.EqualTo(SmallRun.Steps - kept));
        AssertSameResult(run);
    }

    [Test]
    public void A_killed_run_loses_no_more_than_the_minutes_between_two_checkpoints()
    {
        using var run = new SmallRun("output={ checkpoint_minutes: 1e-9, checkpoint_every: 9 }");
        run.SitUntilKilledAt(14);
        run.Sit();
        Assert.That(run.StepsDone, Is.EqualTo(SmallRun.Steps - 13));
        AssertSameResult(run);
    }

    /// <summary>A process that is killed while it writes leaves a part under another name.</summary>
    [Test]
    public void What_was_half_written_is_cleared_away()
    {
        using var run = new SmallRun();
        run.SitUntilKilledAt(8);
        var part = Path.Combine(run.Directory.CheckpointFolder, $"000000010.safetensors.{Guid.NewGuid():N}.tmp");
        File.WriteAllText(part, "half");
        File.AppendAllText(run.Directory.MetricsFile, "{\"phase\":\"full_pre");
        run.Sit();
        Assert.That(File.Exists(part), Is.False);
        AssertSameResult(run);
    }

    [Test]
    public void No_epoch_stands_twice_in_the_events_for_TensorBoard()
    {
        using var run = new SmallRun("output.checkpoint_every=9");
        run.SitUntilKilledAt(9); // the first epoch is logged and lost
        run.Sit();
        var events = Directory.GetFiles(run.Directory.TensorBoardFolder).Sum(file => Occurrences(File.ReadAllBytes(file), "loss/train"u8));
        var undisturbed = Directory.GetFiles(_undisturbed.Directory.TensorBoardFolder).Sum(file => Occurrences(File.ReadAllBytes(file), "loss/train"u8));
        Assert.That((events, undisturbed), Is.EqualTo((4, 4)));
    }

    [Test]
    public void A_damaged_checkpoint_is_passed_over_aloud()
    {
        using var run = new SmallRun();
        run.SitUntil(13);
        var newest = Directory.GetFiles(run.Directory.CheckpointFolder).Order(StringComparer.Ordinal).Last();
        var bytes = File.ReadAllBytes(newest);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(newest, bytes);

        run.Sit();

        Assert.That(run.Notes[0], Does.StartWith($"The checkpoint {newest} is damaged and not used"));
        Assert.That(run.StepsDone, Is.EqualTo(SmallRun.Steps - 10));
        AssertSameResult(run);
    }

    [Test]
    public void Another_configuration_does_not_go_on_with_a_run()
    {
        using var run = new SmallRun();
        run.SitUntil(3);
        Assert.That(() => run.Sit(overrides: "training.batch_size=4"), Throws.TypeOf<RunDirectoryException>().With.Message.Contains("is not the configuration that the run was begun with"));
        Assert.That(() => run.Sit(overrides: "output.checkpoint_every=2"), Throws.Nothing);
    }

    [Test]
    public void The_seconds_of_all_sittings_count()
    {
        using var run = new SmallRun();
        using var interruption = new CancellationTokenSource();
        Assert.That(() => run.Sit(_ => { Thread.Sleep(2000); interruption.Cancel(); }, interruption.Token), Throws.InstanceOf<OperationCanceledException>());
        var first = Checkpoint.ReadNewest(run.Directory.CheckpointFolder, _ => { })!.Progress.Seconds;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var all = run.Sit().Seconds;
        Assert.That(first, Is.GreaterThan(2));
        Assert.That(all, Is.GreaterThan(Math.Round(first, 1)).And.LessThan(first + clock.Elapsed.TotalSeconds + 0.1));
    }

    [Test]
    public void Another_process_is_kept_out_of_a_run()
    {
        using var tiny = new TinyExperiment();
        using var run = new SmallRun();
        using (RunLock.Take(run.Directory))
        {
            var second = tiny.Run("train", "--resume", run.Directory.Path);
            Assert.That(second.ExitCode, Is.EqualTo(2), second.Errors);
            Assert.That(second.Errors, Does.Contain($"{run.Directory.Path}: process {Environment.ProcessId} on {Environment.MachineName} is working on this run; wait until it ends"));
            Assert.That(second.Errors, Does.Not.Contain("   at "));
        }
        File.WriteAllText(run.Directory.LockFile + ".owner", "process 1 on a machine that is gone"); // what a dead process leaves blocks nobody
        Assert.That(() => run.Sit(), Throws.Nothing);
        AssertSameResult(run);
    }

    private void AssertSameResult(SmallRun run)
    {
        Assert.That(run.Model, Is.EqualTo(_undisturbed.Model));
        Assert.That(run.Epochs, Is.EqualTo(_undisturbed.Epochs));
        Assert.That(Directory.GetFiles(run.Directory.Path, "*.tmp", SearchOption.AllDirectories), Is.Empty);
    }

    private static int Occurrences(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word)
    {
        var count = 0;
        for (var at = bytes.IndexOf(word); at >= 0; at = bytes.IndexOf(word))
        {
            count++;
            bytes = bytes[(at + word.Length)..];
        }
        return count;
    }
}
