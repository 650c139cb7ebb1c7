using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

public sealed class FlipRefinerTests
{
    private static readonly RefinementOptions Small = new() { Rounds = 3, Moves = 16, CurvatureExamples = 60, TrialExamples = 60 };

    [TestCase(2, 1)]
    [TestCase(4, 1)]
    [TestCase(3, 2)]
    public void TheGainOfAMoveIsTheSlopeOfTheLossAlongItsChord(int levels, int oversampling)
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With($"quantizer.levels.count={levels}", "optics.grid.size=24", $"model.mask.oversampling={oversampling}", oversampling == 1 ? "optics.grid.size=12" : "seed=1"));
        var masks = training.Network.Masks;
        training.Network.eval();
        var batch = Batch(training);
        var surface = masks.Surface().AsLeaf();
        training.Task.Loss(batch.At(training.Network.FromFirstMask(batch.Fields, surface)), batch.Targets).backward();
        using var moves = PixelMoves.Of(masks, surface.Transmissions.grad!);
        var pixel = moves.Gains.argmax().item<long>();

        using var before = masks.Surface().Transmissions;
        moves.Make([pixel]);
        using var step = masks.Surface().Transmissions - before;
        const float Along = 0.02f;
        double Loss(float along)
        {
            using var untracked = no_grad();
            return training.Task.Loss(batch.At(training.Network.FromFirstMask(batch.Fields, new MaskSurface(before + step * along))), batch.Targets).item<float>();
        }

        Assert.That(step.abs().ne(0).sum().item<long>(), Is.EqualTo(oversampling * oversampling), "one printed pixel moves");
        Assert.That((Loss(-Along) - Loss(Along)) / (2 * Along), Is.EqualTo(moves.Gains[pixel].item<float>()).Within(3).Percent);
        Assert.That(moves.Gains[pixel].item<float>(), Is.Positive);
    }

    [Test]
    public void ARoundLowersTheLossThatItSaysItDoes_AndOnlyMovesWhatItSays()
    {
        using var training = new SmallTraining(SmallExperiment.With("quantizer.levels.count=2")).Run();
        var before = Levels(training.Network);
        var loss = Loss(training);

        var round = new FlipRefiner(training.Network, training.Task, training.Fields.Train, Small, seed: 5).Round(0, default);

        // Sixty examples are the whole training split, so the trial is on all of it.
        Assert.That(round.LossBefore, Is.EqualTo(loss).Within(1e-5));
        Assert.That(round.Loss, Is.EqualTo(Loss(training)).Within(1e-5).And.LessThan(loss));
        Assert.That(Levels(training.Network).Zip(before, (now, then) => now == then ? 0 : 1).Sum(), Is.EqualTo(round.Moves).And.GreaterThan(1));
    }

    [Test]
    public void TheSameSeedMakesTheSameMoves_AndWhereNothingHelpsNothingMoves()
    {
        using var training = new SmallTraining(SmallExperiment.With("quantizer.levels.count=2")).Run();
        using var state = ModelState.Of(training.Network, training.Task);
        var refiner = new FlipRefiner(training.Network, training.Task, training.Fields.Train, Small with { Moves = 2 }, seed: 5);

        refiner.Round(0, default);
        var first = Levels(training.Network);
        state.Restore(training.Network, training.Task);
        refiner.Round(0, default);
        Assert.That(Levels(training.Network), Is.EqualTo(first));

        RefinedRound last;
        var round = 1;
        do
            last = refiner.Round(round++, default);
        while (last.Moves > 0 && round < 400);
        var end = Levels(training.Network);
        Assert.That(last.Moves, Is.Zero);
        Assert.That(refiner.Round(round - 1, default).Moves, Is.Zero);
        Assert.That(Levels(training.Network), Is.EqualTo(end));
    }

    [Test]
    public void EveryRoundIsTriedOnOtherExamples()
    {
        using var training = new SmallTraining(SmallExperiment.With("quantizer.levels.count=2"));
        using var state = ModelState.Of(training.Network, training.Task);
        var refiner = new FlipRefiner(training.Network, training.Task, training.Fields.Train, Small with { Moves = 1, CurvatureExamples = 5, TrialExamples = 20 }, seed: 5);

        double[] losses = [Before(0), Before(1), Before(0)];

        Assert.That(losses[1], Is.Not.EqualTo(losses[0]).Within(1e-6));
        Assert.That(losses[2], Is.EqualTo(losses[0]));

        double Before(int round)
        {
            state.Restore(training.Network, training.Task);
            return refiner.Round(round, default).LossBefore;
        }
    }

    [Test]
    public void AFrozenMaskStaysAsItIs()
    {
        using var training = new SmallTraining(SmallExperiment.With("quantizer.levels.count=2", "model.frozen=[1]")).Run();
        var before = Levels(training.Network);

        var round = new FlipRefiner(training.Network, training.Task, training.Fields.Train, Small, seed: 5).Round(0, default);

        Assert.That(round.Moves, Is.Positive);
        Assert.That(Levels(training.Network).Take(12 * 12), Is.EqualTo(before.Take(12 * 12)));
    }

    [Test]
    public void ARunRefinesAfterPhaseTwo_AndTheSameBytesComeOutTwice()
    {
        const string Refinement = "training.refinement={ rounds: 2, moves: 8, curvature_examples: 20, trial_examples: 40 }";
        using var one = new SmallRun(Refinement);
        using var other = new SmallRun(Refinement);

        one.Sit();
        other.SitUntil(15);
        other.Sit();

        var phases = File.ReadLines(one.Directory.MetricsFile).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("phase").GetString()).ToArray();
        Assert.That(phases.Distinct(StringComparer.Ordinal), Is.EqualTo((string[])["full_precision", "quantized", "refinement"]));
        Assert.That(one.Notes, Has.Some.StartsWith("refinement, round 1: "));
        Assert.That(other.Model, Is.EqualTo(one.Model));
    }

    /// <summary>Rounds go by the training loss; what is kept is the best of them on the validation split, the start included.</summary>
    [Test]
    public void TheBestRoundByValidationIsKept_NotTheLast()
    {
        using var run = new SmallRun("quantizer.levels.count=2", "training.refinement={ rounds: 6, moves: 24, curvature_examples: 20, trial_examples: 40 }");
        var summary = run.Sit();

        var rounds = run.Epochs.Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("phase").ValueEquals("refinement"))
            .Select(line => line.GetProperty("validation")).Select(scores => (Accuracy: scores.GetProperty("accuracy").GetDouble(), Loss: scores.GetProperty("loss").GetDouble())).ToArray();
        var best = rounds.OrderByDescending(round => round.Accuracy).ThenBy(round => round.Loss).First();
        Assert.That(rounds[^1], Is.Not.EqualTo(best), "or the last would do");
        Assert.That((summary.Validation["accuracy"], summary.Validation["loss"]), Is.EqualTo(best));
    }

    [TestCase("quantizer.kind=none", "there are none")]
    [TestCase("perturbation.errors=[{ kind: lateral_shift, amount: 0.1 mm }]", "would undo what training against fabrication errors has won")]
    public void WhatCannotBeRefinedIsRefused(string change, string because) =>
        Assert.That(() => SmallExperiment.With(change, "training.refinement={}"), Throws.Exception.Message.Contains(because));

    private static Batch Batch(SmallTraining training) => training.Fields.Train.InOrder(60).First();

    private static double Loss(SmallTraining training)
    {
        using var measurement = Evaluator.Evaluate(training.Network, training.Task, training.Fields.Train);
        return measurement.Result()["loss"];
    }

    private static long[] Levels(OpticalModel network) => network.Masks.Levels()!.data<long>().ToArray();
}
