using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Runs;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Trust;
using OpticalQAT.Training;

namespace OpticalQAT.Tests.Studies.Robustness;

/// <summary>Studies of small untrained models.</summary>
public sealed class RobustnessStudyTests
{
    private const string Plan = """
        seed: 5
        examples: 8
        sweeps:
          - { error: { kind: lateral_shift, amount: 1 mm }, strengths: [1, 0.5], devices: 3 }
          - { error: { kind: edge_blur, sigma: 0.4 mm }, strengths: [1], devices: 3 }
        yield: { threshold: 0.1, devices: 6, errors: [{ kind: lateral_shift, amount: 1 mm }, { kind: axial_error, amount: 1 mm }] }
        """;

    private TemporaryFolder _folder = null!;
    private string _model = null!;

    [SetUp]
    public void Save()
    {
        _folder = new TemporaryFolder();
        _model = _folder.File("m.safetensors");
        File.WriteAllBytes(_model, SmallModel.Bytes());
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Each_point_holds_the_scores_of_its_devices()
    {
        var run = Study(out _).Runs.Single();
        Assert.That(run.Sweeps.Select(sweep => sweep.Error), Is.EqualTo((string[])["lateral_shift", "edge_blur"]));
        Assert.That(run.Sweeps[0].Points.Select(point => (point.Strength, point.Amount, point.Scores.Length)), Is.EqualTo(new[] { (0.5, 0.5, 3), (1.0, 1.0, 3) }));
        Assert.That(run.Sweeps[1].Points.Single().Scores, Has.Length.EqualTo(1), "every device has the same blur");
        var point = run.Sweeps[0].Points[1];
        Assert.That(point.Mean, Is.EqualTo(point.Scores.Average()).Within(1e-12));
        Assert.That(point.Loss, Is.EqualTo(run.Nominal["accuracy"] - point.Mean).Within(1e-12));
        Assert.That(run.Yield!.Good, Is.EqualTo(run.Yield.Scores.Count(score => score >= 0.1)));
        Assert.That(run.Yield.Interval.Contains(run.Yield.Yield), Is.True);
    }

    /// <summary>A study says of a device what that device, drawn by hand, does.</summary>
    [Test]
    public void A_device_follows_from_the_plans_seed_and_its_number()
    {
        var point = Study(out _).Runs.Single().Sweeps[0].Points[1];
        using var model = TrainedModel.Load(_model, []);
        using var examples = new ExampleFields(model.LoadData(Splits.Test).Test.Slice(0, 8), model.Network, model.Task, TorchSharp.torch.CPU, long.MaxValue);
        using var device = DeviceErrors.Of(model.Network, [new LateralShift { Amount = new(1e-3) }], Seeds.Derive(5, "robustness", 2), _ => 1);
        using var measured = Evaluator.Evaluate(model.Network, model.Task, examples, device);
        Assert.That(measured.Result()["loss"], Is.Not.EqualTo(Nominal(model, examples)));
        Assert.That(measured.Result()["accuracy"], Is.EqualTo(point.Scores[2]));

        static double Nominal(TrainedModel model, ExampleFields examples)
        {
            using var nominal = Evaluator.Evaluate(model.Network, model.Task, examples);
            return nominal.Result()["loss"];
        }
    }

    [Test]
    public void Two_designs_meet_the_same_devices()
    {
        File.Copy(_model, _folder.File("n.safetensors"));
        var runs = Study(out _, _model, _folder.File("n.safetensors")).Runs;
        Assert.That(runs.Select(run => run.Name), Is.EqualTo((string[])["small", "small (2)"]));
        Assert.That(runs[1].Yield!.Scores, Is.EqualTo(runs[0].Yield!.Scores));
        Assert.That(runs[1].Sweeps.SelectMany(sweep => sweep.Points).SelectMany(point => point.Scores), Is.EqualTo(runs[0].Sweeps.SelectMany(sweep => sweep.Points).SelectMany(point => point.Scores)));
    }

    [Test]
    public void What_is_measured_is_not_measured_again()
    {
        var first = Json(Study(out var measured));
        Assert.That(measured, Is.EqualTo(1 + 3 + 3 + 1 + 6));
        Assert.That(Json(Study(out measured)), Is.EqualTo(first));
        Assert.That(measured, Is.Zero);
        // Another model asks for measurements of its own.
        File.WriteAllBytes(_model, SmallModel.Bytes("model.mask.initial=flat"));
        Study(out measured);
        Assert.That(measured, Is.EqualTo(14));
    }

    [Test]
    public void A_study_that_was_killed_goes_on_behind_the_last_whole_line()
    {
        var whole = Json(Study(out _));
        var bytes = File.ReadAllBytes(Measurements);
        File.WriteAllBytes(Measurements, bytes[..(bytes.Length * 2 / 5)]);
        Assert.That(Json(Study(out var measured)), Is.EqualTo(whole));
        Assert.That(measured, Is.InRange(5, 13));
        Assert.That(File.ReadAllLines(Measurements), Has.Length.EqualTo(14));
    }

    [Test]
    public void An_interruption_keeps_what_is_measured()
    {
        using var stop = new CancellationTokenSource();
        using (var scores = new DeviceScores(Measurements))
        {
            var study = new RobustnessStudy("plan", ReadPlan(Plan), scores, _ => stop.Cancel());
            Assert.That(() => study.Execute([_model], [], _ => { }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        }
        Study(out var measured);
        Assert.That(measured, Is.EqualTo(14 - 1 - 3));
    }

    [Test]
    public void A_plan_that_does_not_fit_the_model_is_refused()
    {
        using var scores = new DeviceScores(Measurements);
        var study = new RobustnessStudy("plan", ReadPlan("sweeps: [{ error: { kind: height_error, amount: 1 um, layers: [3] }, strengths: [1] }]"), scores, _ => { });
        Assert.That(() => study.Execute([_model], [], _ => { }, default), Throws.InstanceOf<DataException>().With.Message.Contains("sweeps.0.error.layers").And.Message.Contains("between 1 and 2"));
    }

    [Test]
    public void A_bad_plan_is_answered_with_every_mistake_and_its_place()
    {
        var file = _folder.File("bad.yaml");
        File.WriteAllText(file, """
            seed: one
            sweeps:
              - { error: { kind: lateral_shift }, strengths: [0, 1] }
              - { error: { kind: hight_error, amount: 1 um }, strengths: [] }
            yield: { threshold: 0.9, errors: [] }
            """);
        var message = Assert.Throws<ConfigurationException>(() => RobustnessPlan.Read(file))!.Message;
        foreach (var expected in new[]
        {
            "bad.yaml:1:7: 'seed' must be an integer",
            "bad.yaml:3:14: the key 'sweeps.0.error.amount' is missing",
            "bad.yaml:3:51: 'sweeps.0.strengths.0' must be",
            "bad.yaml:4:22: there is no perturbation 'hight_error'",
            "did you mean 'height_error'?",
            "bad.yaml:5:26: without errors every device is the design",
        })
            Assert.That(message, Does.Contain(expected));
    }

    private string Measurements => _folder.File("measurements.jsonl");

    private RobustnessResult Study(out int measured, params string[] models)
    {
        int before;
        RobustnessResult result;
        using (var scores = new DeviceScores(Measurements))
        {
            before = scores.Found;
            result = new RobustnessStudy("plan", ReadPlan(Plan), scores, _ => { }).Execute(models.Length > 0 ? models : [_model], [], _ => { }, default);
        }
        measured = File.ReadAllLines(Measurements).Length - before;
        return result;
    }

    private static RobustnessPlan ReadPlan(string yaml) => ConfigurationReader.Read<RobustnessPlan>(yaml, "plan.yaml", []).ValueOrThrow();

    private static string Json(RobustnessResult result) => System.Text.Json.JsonSerializer.Serialize(result, OpticalQAT.Formats.Json.Document);
}
