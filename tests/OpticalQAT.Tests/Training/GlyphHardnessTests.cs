using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

/// <summary>The embedded glyphs must mean something: a level limit has to hurt a design that was not trained for it.</summary>
public sealed class GlyphHardnessTests
{
    [Test]
    [Slow]
    public void Rounding_to_two_levels_costs_at_least_twenty_points_more_than_rounding_to_sixteen()
    {
        using var scope = NewDisposeScope();
        var experiment = Experiment.Read(Formats.Checkout.Find("configs/quickstart.yaml")!, ["quantizer.kind=none", "task.dataset.train_count=3000", "device=cpu"]).ValueOrThrow();
        var data = experiment.Task.Dataset.Load();
        var task = experiment.Task.Build(experiment.Optics);
        var network = experiment.Model.Build(experiment.Optics, levels: null, new Generator(1));
        var (train, validation, test) = (Fields(data.Train), Fields(data.Validation), Fields(data.Test));
        var phase = new PhaseOptions { Epochs = 2, Optimizer = new AdamOptimizer { LearningRate = 0.05 } };
        new Trainer(network, task, train, validation, new TrainerSettings("full_precision", phase, 64, Seed: 1, StepsBefore: 0, SoftForward: false))
            .Run(_ => { }, () => { }, CancellationToken.None);

        var (full, sixteen, two) = (Accuracy(network), Rounded(16), Rounded(2));

        Assert.That(full, Is.GreaterThan(0.8));
        Assert.That(sixteen, Is.GreaterThan(full - 0.05));
        Assert.That(two, Is.LessThan(sixteen - 0.2));

        ExampleFields Fields(Examples split) => new(split, network, task, CPU, long.MaxValue);

        double Rounded(int count)
        {
            var levels = new CyclicLevels { Count = count }.Build(experiment.Model.Material(experiment.Optics), experiment.Model.LayerCount);
            var rounding = new PostTraining(network, levels);
            var offsets = rounding.ChooseOffsets(positions => Accuracy(Quantized(levels, positions), validation));
            return Accuracy(Quantized(levels, rounding.Positions(offsets)));
        }

        OpticalModel Quantized(IReadOnlyList<LevelTable> levels, Tensor positions) =>
            experiment.Model.BuildQuantized(experiment.Optics, levels, new StraightThrough(), positions);

        double Accuracy(OpticalModel model, ExampleFields? examples = null)
        {
            using var measured = Evaluator.Evaluate(model, task, examples ?? test);
            return measured.Result()["accuracy"];
        }
    }
}
