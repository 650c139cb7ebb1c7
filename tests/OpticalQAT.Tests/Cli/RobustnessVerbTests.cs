using NUnit.Framework;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Cli;

/// <summary><c>robustness</c>, and <c>evaluate</c> with errors, on an untrained model.</summary>
public sealed class RobustnessVerbTests
{
    private string _folder = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("opticalqat-robustness-").FullName;
        File.WriteAllBytes(Path.Combine(_folder, "m.safetensors"), SmallModel.Bytes());
        File.WriteAllText(Path.Combine(_folder, "plan.yaml"), """
            sweeps: [{ error: { kind: height_error, amount: 50 um }, strengths: [1], devices: 2 }]
            yield: { threshold: 1.5, devices: 3, errors: [{ kind: wavelength_drift, amount: 0.01 }] }
            """);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_study_writes_everything_and_a_yield_that_is_missed_is_exit_code_3()
    {
        var study = CommandResult.Of(_folder, "robustness", "m.safetensors", "plan.yaml", "task.dataset.seed=3", "--require-yield", "0.5", "--json");
        Assert.That(study.ExitCode, Is.EqualTo(3), study.Errors);
        var run = study.Json.GetProperty("runs")[0];
        Assert.That(run.GetProperty("sweeps")[0].GetProperty("points")[0].GetProperty("scores").GetArrayLength(), Is.EqualTo(2));
        Assert.That(run.GetProperty("yield").GetProperty("yield").GetDouble(), Is.Zero);
        Assert.That(run.GetProperty("yield").GetProperty("interval").GetProperty("high").GetDouble(), Is.InRange(0.5, 0.6), "Wilson's bound of 0 in 3");
        var files = Directory.GetFiles(Path.Combine(_folder, "robustness", "plan"), "*", SearchOption.AllDirectories).Select(Path.GetFileName);
        Assert.That(files, Is.EquivalentTo((string[])["robustness.html", "robustness.csv", "robustness.json", "measurements.jsonl", "1-height_error.png", "yield.png"]));
        Assert.That(File.ReadAllLines(Path.Combine(_folder, "robustness", "plan", "robustness.csv")), Has.Length.EqualTo(1 + 1 + 2 + 3));
    }

    /// <summary>Two designs, of which one alone reaches the threshold with every device, which are the design itself: that the other does not is a check that fails.</summary>
    [Test]
    public void A_yield_is_required_of_every_design()
    {
        string[] changes = ["seed=1", "model.mask.initial=flat", "model.layers=1", "model.spacing.output=12 mm", "model.spacing.output=20 mm"];
        var accuracies = changes.Select((change, i) =>
        {
            var file = Path.Combine(_folder, $"design-{i}.safetensors");
            File.WriteAllBytes(file, SmallModel.Bytes(change));
            return (File: Path.GetFileName(file), Accuracy: Evaluation.Of(file, [], _ => { }).Metrics["accuracy"]);
        }).OrderBy(design => design.Accuracy).ToArray();
        var (worst, best) = (accuracies[0], accuracies[^1]);
        Assert.That(best.Accuracy, Is.GreaterThan(worst.Accuracy), "or no threshold lies between");
        File.WriteAllText(Path.Combine(_folder, "between.yaml"), FormattableString.Invariant($"yield: {{ threshold: {(worst.Accuracy + best.Accuracy) / 2}, devices: 1, errors: [{{ kind: height_scale, amount: 0 }}] }}"));

        var study = CommandResult.Of(_folder, "robustness", best.File, worst.File, "between.yaml", "--require-yield", "0.5", "--json");

        Assert.That(study.Json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("yield").GetProperty("yield").GetDouble()), Is.EqualTo((double[])[1, 0]));
        Assert.That(study.ExitCode, Is.EqualTo(3), study.Errors);
    }

    [TestCase("robustness needs at least one run and a plan", "m.safetensors")]
    [TestCase("there is no such plan", "m.safetensors", "missing.yaml")]
    [TestCase("there is no such run", "n.safetensors", "plan.yaml")]
    [TestCase("belongs to the model", "m.safetensors", "plan.yaml", "model.layers=3")]
    [TestCase("--require-yield is a share", "m.safetensors", "plan.yaml", "--require-yield", "90")]
    public void What_cannot_be_is_exit_code_2(string expected, params string[] words)
    {
        var refused = CommandResult.Of(_folder, ["robustness", "--out", "none", .. words]);
        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.Errors);
        Assert.That(refused.Errors, Does.Contain(expected));
    }

    [Test]
    public void Evaluate_draws_devices_where_it_is_asked_to()
    {
        var evaluated = CommandResult.Of(_folder, "evaluate", "m.safetensors", "perturbation={ errors: [{ kind: lateral_shift, amount: 1 mm }, { kind: axial_error, amount: 1 mm }], devices: 3 }", "--json");
        Assert.That(evaluated.ExitCode, Is.Zero, evaluated.Errors);
        Assert.That(evaluated.Json.GetProperty("devices").GetInt32(), Is.EqualTo(3));
        var plain = CommandResult.Of(_folder, "evaluate", "m.safetensors", "--json");
        Assert.That(evaluated.Json.GetProperty("metrics").GetProperty("loss").GetDouble(), Is.Not.EqualTo(plain.Json.GetProperty("metrics").GetProperty("loss").GetDouble()));
    }
}
