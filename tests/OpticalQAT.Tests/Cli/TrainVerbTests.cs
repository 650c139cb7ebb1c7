using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Cli;

public sealed class TrainVerbTests
{
    private static readonly string[] SummaryFields =
    [
        "name", "id", "task", "device", "threads", "quantizer", "gradient", "levels", "seed", "epochs", "steps", "seconds",
        "images_per_second", "test", "validation", "full_precision", "post_training", "data",
    ];

    private TinyExperiment _tiny = null!;
    private CommandResult _json = null!;
    private string _run = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _tiny = new TinyExperiment();
        _json = _tiny.Run("train", "tiny.yaml", "--json");
        Assert.That(_json.ExitCode, Is.Zero, _json.Errors);
        _run = _tiny.Runs.Single();
    }

    [OneTimeTearDown]
    public void Remove() => _tiny.Dispose();

    [Test]
    public void JsonOnStdoutIsTheSummaryAndNothingElse()
    {
        Assert.That(_json.Output, Is.EqualTo(File.ReadAllText(Path.Combine(_run, "summary.json"))));
        Assert.That(_json.Json.EnumerateObject().Select(field => field.Name), Is.EqualTo(SummaryFields));
        Assert.That(_json.Json.GetProperty("levels").EnumerateArray().Select(count => count.GetInt32()), Has.Exactly(2).Items.And.All.EqualTo(4));
        Assert.That(_json.Json.GetProperty("steps").GetInt32(), Is.EqualTo(8));
    }

    [Test]
    public void StderrNamesTheRunFirstAndThenEveryEpoch()
    {
        var lines = _json.Errors.Split('\n');

        Assert.That(lines[0], Is.EqualTo($"Run {Path.GetRelativePath(_tiny.Folder, _run)}"));
        Assert.That(lines, Has.Some.StartsWith("full precision, epoch 1: loss "));
        Assert.That(lines, Has.Some.StartsWith("quantized, epoch 1: loss "));
        Assert.That(_json.Errors, Does.Not.Contain('\u001b'));
    }

    [Test]
    public void ThePlainResultIsATableAndTheReport_AndASecondRunWritesTheSameModel()
    {
        using var other = new TinyExperiment();

        var plain = other.Run("train", "tiny.yaml");

        Assert.That(plain.ExitCode, Is.Zero, plain.Errors);
        Assert.That(plain.Output, Does.Contain("full precision").And.Contain("post-training").And.Contain("result, 4 levels")
            .And.Contain("accuracy").And.Contain("efficiency").And.Contain("contrast"));
        Assert.That(plain.Output, Does.Contain($"Report: {Path.GetRelativePath(other.Folder, other.Runs.Single())}/report.html"));
        Assert.That(plain.Output, Does.Not.Contain('\u001b'));
        Assert.That(Model(other), Is.EqualTo(File.ReadAllBytes(Path.Combine(_run, "model.safetensors"))));
    }

    /// <summary>Light and electronics are told apart wherever a score is written, and the read-out lives in the model's file.</summary>
    [Test]
    [Slow]
    public void ARunWithAReadOutKeepsTheOpticalScoreBesideItsOwn()
    {
        using var hybrid = new TinyExperiment();

        var summary = hybrid.Run("train", "tiny.yaml", "task.readout={ kind: mlp, hidden: 8 }", "task.detector={ kind: differential_grid, classes: 10 }",
            "task.loss={ efficiency: { weight: 0.1, schedule: { kind: linear, from: 0, to: 1 } }, contrast: { weight: 0.1 } }", "model.mask.size=21 mm", "--json");

        Assert.That(summary.ExitCode, Is.Zero, summary.Errors);
        foreach (var field in new[] { "test", "validation", "full_precision", "post_training" })
            Assert.That(summary.Json.GetProperty(field).EnumerateObject().Select(metric => metric.Name), Is.SupersetOf((string[])["accuracy", "hybrid_accuracy"]), field);
        var evaluated = hybrid.Run("evaluate", Path.Combine(hybrid.Runs.Single(), "model.safetensors"), "--json");
        Assert.That(evaluated.ExitCode, Is.Zero, evaluated.Errors);
        foreach (var metric in summary.Json.GetProperty("test").EnumerateObject())
            Assert.That(evaluated.Json.GetProperty("metrics").GetProperty(metric.Name).GetDouble(), Is.EqualTo(metric.Value.GetDouble()).Within(1e-6), metric.Name);
        var page = File.ReadAllText(Path.Combine(hybrid.Runs.Single(), "report.html"));
        Assert.That(page, Does.Contain("Hybrid accuracy").And.Contain("class=\"negative other\"").And.Contain("258 parameters")
            .And.Contain("28 × 28 pixels of 0.75").And.Contain("light in the solid frame speaks for it"));
        var finer = hybrid.Run("train", "tiny.yaml", "name=finer", $"training.start_from={hybrid.Runs.Single()}", "task.readout={ kind: mlp, hidden: 8 }",
            "task.detector={ kind: differential_grid, classes: 10 }", "training.full_precision.epochs=0", "model.mask.size=21 mm", "--json");
        Assert.That(finer.ExitCode, Is.Zero, finer.Errors);
    }

    [Test]
    public void AFinishedRunIsSaidToBeFinished()
    {
        var resumed = _tiny.Run("train", "--resume", _run, "--json");

        Assert.That(resumed.ExitCode, Is.Zero);
        Assert.That(resumed.Errors, Does.Contain("is finished"));
        Assert.That(resumed.Output, Is.EqualTo(_json.Output));
    }

    [Test]
    public void WithoutAnUnfinishedRunThereIsNothingToResume()
    {
        var resumed = _tiny.Run("train", "tiny.yaml", "--resume");

        Assert.That(resumed.ExitCode, Is.EqualTo(2));
        Assert.That(resumed.Errors, Does.Contain("no unfinished run of tiny in runs (1 finished)"));
    }

    [Test]
    public void ARunIsNotResumedWithAnotherConfiguration()
    {
        var resumed = _tiny.Run("train", "tiny.yaml", "seed=2", "quantizer.levels.count=8", "--resume", _run);

        Assert.That(resumed.ExitCode, Is.EqualTo(2));
        Assert.That(resumed.Errors, Does.Contain("seed is 1 in the run, 2 here").And.Contain("quantizer.levels.count is 4 in the run, 8 here"));
        Assert.That(resumed.Errors, Does.Not.Contain("batch_size"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no such signals.")]
    [Slow]
    public void AnInterruptedRunEndsWithTheBytesOfAnUninterruptedOne()
    {
        string[] longer = ["training.batch_size=8", "training.quantized.epochs=40", "output.checkpoint_every=7"];
        using var whole = new TinyExperiment();
        using var pieces = new TinyExperiment();
        Assert.That(whole.Run(["train", "tiny.yaml", .. longer]).ExitCode, Is.Zero);

        var terminated = CommandResult.Interrupted(pieces.Folder, "TERM", "full precision, before", ["train", "tiny.yaml", .. longer]);
        Assert.That(terminated.ExitCode, Is.EqualTo(143), terminated.Errors);
        Assert.That(terminated.Output, Is.Empty);
        Assert.That(terminated.Errors, Does.Contain("state saved, resume with: opticalqat train --resume runs/tiny/"));

        var interrupted = CommandResult.Interrupted(pieces.Folder, "INT", "quantized, epoch 2", ["train", "tiny.yaml", .. longer, "--resume"]);
        Assert.That(interrupted.ExitCode, Is.EqualTo(130), interrupted.Errors);
        Assert.That(interrupted.Errors, Does.StartWith("Resuming run runs/tiny/"));

        var warned = CommandResult.Interrupted(pieces.Folder, "USR1", "quantized, epoch", ["train", "--resume", pieces.Runs.Single()]);
        Assert.That(warned.ExitCode, Is.EqualTo(143), warned.Errors);

        var finished = pieces.Run("train", "--resume", pieces.Runs.Single(), "--json");
        Assert.That(finished.ExitCode, Is.Zero, finished.Errors);
        Assert.That(Model(pieces), Is.EqualTo(Model(whole)));
        Assert.That(Epochs(pieces), Is.EqualTo(Epochs(whole)));
    }

    [Test]
    public void ARunThatFailsSaysSoInOneSentence()
    {
        using var other = new TinyExperiment();
        string[] words =
        [
            "train", "tiny.yaml", "task.detector.gain=1e-3", "task.detector.learn_gain=true",
            "training.quantized={ epochs: 2, optimizer: { kind: sgd, learning_rate: 1e6 }, schedule: { kind: constant, value: 1000 } }",
        ];

        var failed = other.Run(words);
        var verbose = other.Run([.. words, "--verbose"]);

        Assert.That((failed.ExitCode, verbose.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(failed.Errors, Does.Contain("is not finite").And.Not.Contain("   at OpticalQAT"));
        Assert.That(verbose.Errors, Does.Contain("   at OpticalQAT"));
    }

    private static byte[] Model(TinyExperiment experiment) => File.ReadAllBytes(Path.Combine(experiment.Runs.Single(), "model.safetensors"));

    // Rates differ from run to run; what was learnt does not.
    private static string[] Epochs(TinyExperiment experiment) =>
    [
        .. File.ReadLines(Path.Combine(experiment.Runs.Single(), "metrics.jsonl")).Select(line =>
        {
            var record = JsonDocument.Parse(line).RootElement;
            return $"{record.GetProperty("phase")} {record.GetProperty("epoch")} {record.GetProperty("loss")} {record.GetProperty("validation")}";
        }),
    ];
}
