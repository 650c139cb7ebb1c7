using NUnit.Framework;
using OpticalQAT.Tests.Studies.Comparison;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Cli;

/// <summary>Signals end every verb that takes long, from its first moment on, with an exit code that tells which signal it was.</summary>
[Platform("Linux", Reason = "Linux alone tells which signals a process listens to.")]
public sealed class SignalTests
{
    private const string NothingBegun = "Interrupted; nothing was begun, and nothing is left behind.\n";

    private SmallComparison _small = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        _small = new SmallComparison();
        File.WriteAllBytes(Path.Combine(_small.Folder, "m.safetensors"), SmallModel.Bytes("quantizer={ kind: none }"));
        File.WriteAllText(Path.Combine(_small.Folder, "plan.yaml"), "sweeps: [{ error: { kind: height_error, amount: 50 um }, strengths: [1], devices: 2 }]\n");
    }

    [OneTimeTearDown]
    public void Remove() => _small.Dispose();

    [TestCase("INT", 130, "train base.yaml")]
    [TestCase("HUP", 129, "train base.yaml")]
    [TestCase("TERM", 143, "evaluate m.safetensors")]
    [TestCase("USR1", 143, "quantize m.safetensors --levels 2")]
    [TestCase("HUP", 129, "compare compare.yaml")]
    [TestCase("TERM", 143, "robustness m.safetensors plan.yaml")]
    [TestCase("INT", 130, "validate base.yaml")]
    public void Before_there_is_anything_to_keep_nothing_is_left_behind(string signal, int exitCode, string verb)
    {
        var before = Directory.GetFileSystemEntries(_small.Folder, "*", SearchOption.AllDirectories);
        var result = CommandResult.SignalledAtOnce(_small.Folder, signal, verb.Split(' '));
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((exitCode, string.Empty)), result.Errors);
        Assert.That(result.Errors, Does.EndWith(NothingBegun));
        Assert.That(Directory.GetFileSystemEntries(_small.Folder, "*", SearchOption.AllDirectories), Is.EquivalentTo(before));
    }

    [Test]
    public void A_report_is_interrupted_before_it_is_written()
    {
        using var run = new SmallRun();
        run.Sit();
        var before = File.GetLastWriteTimeUtc(run.Directory.ReportFile);
        var result = CommandResult.SignalledAtOnce(_small.Folder, "TERM", "report", run.Directory.Path);
        Assert.That(result, Is.EqualTo(new CommandResult(143, string.Empty, "Interrupted; no report is written, and one that is there is as it was.\n")));
        Assert.That(File.GetLastWriteTimeUtc(run.Directory.ReportFile), Is.EqualTo(before));
    }

    [TestCase("HUP", 129, "full precision, before the first step")]
    [TestCase("TERM", 143, "Rounding the full-precision model")]
    public void A_run_that_is_interrupted_is_saved_and_goes_on(string signal, int exitCode, string line)
    {
        using var tiny = new TinyExperiment();
        var result = CommandResult.Interrupted(tiny.Folder, signal, line, "train", "tiny.yaml", "training.quantized.epochs=300");
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Errors);
        Assert.That(result.Errors, Does.EndWith($"Interrupted; state saved, resume with: opticalqat train --resume {Path.GetRelativePath(tiny.Folder, tiny.Runs.Single())}\n"));
        var resumed = CommandResult.Interrupted(tiny.Folder, "HUP", "quantized, epoch 1", "train", "--resume", tiny.Runs.Single());
        Assert.That(resumed.ExitCode, Is.EqualTo(129), resumed.Errors);
    }

    /// <summary>A shell without job control lets what it starts in the background ignore SIGINT.</summary>
    [Test]
    public void A_job_in_the_background_hears_SIGINT()
    {
        var result = InBackground("trap '' INT", "INT", "training.quantized.epochs=3000");
        Assert.That(result.ExitCode, Is.EqualTo(130), result.Errors);
        Assert.That(result.Errors, Does.Contain("state saved, resume with: "));
    }

    /// <summary>Under nohup SIGHUP stays ignored, as was asked for.</summary>
    [Test]
    public void Under_nohup_a_run_outlives_its_terminal()
    {
        var result = InBackground("trap '' HUP", "HUP", "training.quantized.epochs=3");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("Report: "));
    }

    /// <summary>Starts a training with a signal ignored, and sends it that signal when it has begun.</summary>
    private static CommandResult InBackground(string trap, string signal, string training)
    {
        using var tiny = new TinyExperiment();
        return CommandResult.InShell(
            tiny.Folder, $"{trap}; \"$@\" 2> said & until grep -q 'before the first step' said; do sleep 0.05; done; kill -s {signal} $!; wait $!; code=$?; cat said >&2; exit $code",
            "train", "tiny.yaml", training);
    }
}
