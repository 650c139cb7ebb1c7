using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Runs;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Trust;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Studies.Robustness;

/// <summary>The scores that a study or an evaluation gives devices, against the same devices drawn by hand: by their losses, which no two share.</summary>
public sealed class DrawnDevicesTests
{
    private static readonly PerturbationKind[] Errors = [new LateralShift { Amount = new(1e-3) }, new AxialError { Amount = new(1e-3) }];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    /// <summary>
    /// Two designs that differ in every height: each meets the devices that the plan's seed and their numbers draw. Measurements
    /// that are kept are those of their seed: another one's are measured, although the file holds as many.
    /// </summary>
    [Test]
    public void A_plan_draws_the_same_devices_for_every_design([Values("flat", "uniform")] string initial)
    {
        var model = Save("m.safetensors", $"model.mask.initial={initial}");
        var file = _folder.File("measurements.jsonl");
        List<double> byHand = [];
        foreach (var seed in new[] { 5, 6 })
        {
            var plan = new RobustnessPlan
            {
                Seed = seed,
                Examples = 8,
                Sweeps = [new ErrorSweep { Error = Errors[0], Strengths = [0.5], Devices = 2 }],
                Yield = new YieldPlan { Errors = Errors, Threshold = 0.1, Devices = 3 },
            };
            using (var scores = new DeviceScores(file))
                new RobustnessStudy("plan", plan, scores, _ => { }).Execute([model], [], _ => { }, default);
            byHand.Add(Loss(model, 8, [], 0, 0));
            byHand.AddRange(Enumerable.Range(0, 2).Select(i => Loss(model, 8, [Errors[0]], Seeds.Derive(seed, "robustness", i), 0.5)));
            byHand.AddRange(Enumerable.Range(0, 3).Select(i => Loss(model, 8, Errors, Seeds.Derive(seed, "robustness", i), 1)));
        }

        double[] losses = [.. File.ReadAllLines(file).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("metrics").GetProperty("loss").GetDouble())];
        Assert.That(losses, Is.EqualTo(byHand).Within(1e-9));
        Assert.That(losses.Distinct().Count(), Is.EqualTo(11), "all but the design itself, which both seeds ask for");
    }

    [Test]
    public void An_evaluation_with_errors_is_the_mean_over_its_devices()
    {
        var model = Save("m.safetensors");
        var evaluation = Evaluation.Of(model, [$"perturbation={{ errors: {ConfigurationWriter.WriteInline(Errors)}, devices: 3 }}"], _ => { });
        double[] byHand = [.. Enumerable.Range(0, 3).Select(i => Loss(model, 10, Errors, Seeds.Derive(SmallModel.With().Seed, "evaluated device", i), 1))];
        Assert.That(evaluation.Devices, Is.EqualTo(3));
        Assert.That(evaluation.Metrics["loss"], Is.EqualTo(byHand.Average()).Within(1e-9));
        Assert.That(byHand, Is.Unique);
    }

    [Test]
    public void A_device_that_just_reaches_the_threshold_is_good()
    {
        var model = Save("m.safetensors");
        var accuracy = Evaluation.Of(model, [], _ => { }).Metrics["accuracy"];
        var plan = new RobustnessPlan { Yield = new YieldPlan { Errors = [new HeightScale { Amount = 0 }], Threshold = accuracy, Devices = 2 } };
        using var scores = new DeviceScores(_folder.File("measurements.jsonl"));
        Assert.That(new RobustnessStudy("plan", plan, scores, _ => { }).Execute([model], [], _ => { }, default).Runs.Single().Yield!.Good, Is.EqualTo(2));
    }

    private string Save(string name, params string[] overrides)
    {
        File.WriteAllBytes(_folder.File(name), SmallModel.Bytes(overrides));
        return _folder.File(name);
    }

    private static double Loss(string file, long count, PerturbationKind[] errors, long seed, double strength)
    {
        using var scope = NewDisposeScope();
        using var model = TrainedModel.Load(file, []);
        using var device = DeviceErrors.Of(model.Network, errors, seed, _ => strength);
        using var examples = new ExampleFields(model.LoadData(Splits.Test).Test.Slice(0, count), model.Network, model.Task, CPU, long.MaxValue, device.ReachesInput);
        using var measured = Evaluator.Evaluate(model.Network, model.Task, examples, device);
        return measured.Result()["loss"];
    }
}
