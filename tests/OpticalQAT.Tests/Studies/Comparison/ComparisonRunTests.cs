using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Studies;
using OpticalQAT.Studies.Comparison;

namespace OpticalQAT.Tests.Studies.Comparison;

public sealed class ComparisonRunTests
{
    private SmallComparison _small = null!;
    private ComparisonResult _result = null!;

    [OneTimeSetUp]
    public void Compare()
    {
        _small = new SmallComparison();
        _result = _small.Sit(null)!;
    }

    [OneTimeTearDown]
    public void Remove() => _small.Dispose();

    [Test]
    public void EveryRowHasAScoreForEverySeed_TakenFromTheSummaryOfItsRun()
    {
        Assert.That(_result.Failed, Is.Zero);
        foreach (var (row, score) in _result.Rows.SelectMany(row => row.Scores.Select(score => (row, score))))
        {
            var summary = JsonSerializer.Deserialize<Summary>(File.ReadAllText(Path.Combine(score.Run, "summary.json")), Json.Document)!;
            var metrics = row.Role is "post_training" ? summary.PostTraining! : summary.Test;
            Assert.That(score.Score, Is.EqualTo(metrics["accuracy"]), row.Name);
            Assert.That(summary.Seed, Is.EqualTo(score.Seed));
            Assert.That(summary.Levels?[0], Is.EqualTo(row.Role is "method" ? row.LevelCount : null));
        }
        // 40 examples in batches of 8, 2 + 2 epochs
        Assert.That(_result.Steps, Is.EqualTo(20));
    }

    [Test]
    public void DifferencesAreToTheReferenceWithTheSameSeed()
    {
        var full = _result.Rows[0].Scores;
        foreach (var row in _result.Rows.Skip(1))
        {
            Assert.That(row.Scores.Select(score => score.Difference), Is.EqualTo(row.Scores.Zip(full, (own, its) => own.Score - its.Score)));
            Assert.That(row.DifferenceInterval, Is.EqualTo(Statistics.OfMean([.. row.Scores.Select(score => score.Difference!.Value)])));
        }
    }

    [Test]
    public void TheChoiceIsTheBestByValidation_AndItsRunIsNotTrainedAgainForItsSeed()
    {
        foreach (var row in _result.Rows.Where(row => row.Role is not "post_training"))
        {
            Assert.That(row.Searched, Has.Length.EqualTo(2));
            var chosen = row.Searched.Single(each => each.IsChosen);
            Assert.That(chosen.Validation, Is.EqualTo(row.Searched.Max(each => each.Validation)));
            Assert.That(row.LearningRate, Is.EqualTo(chosen.LearningRate));
            Assert.That(row.Scores[0].Validation, Is.EqualTo(chosen.Validation));
        }
    }

    [Test]
    public void PhaseTwoFromTheSharedStartIsPhaseTwoOfARunInOnePiece()
    {
        // With two phases in one run the masks never leave the memory; across the start's file they are heights in metres.
        var row = _result.Rows.Single(each => each is { Name: "sigmoid", LevelCount: 4 });
        using var whole = new Trust.SmallRun("seed=2", "quantizer.gradient=transmission", $"training.quantized.optimizer.learning_rate={row.LearningRate}");

        var summary = whole.Sit();

        Assert.That(summary.Test["loss"], Is.EqualTo(row.Scores[1].Metrics["loss"]).Within(1e-3));
    }

    [Test]
    public void WhatIsFinishedIsNotTrainedAgain_AndAnInterruptedComparisonEndsAsAWholeOne()
    {
        using var pieces = new SmallComparison();
        Assert.That(pieces.Sit(interruptedAt: 6), Is.Null);
        Assert.That(pieces.Sit(interruptedAt: 3), Is.Null);
        var (beforehand, resumed) = (pieces.Events.OfType<CellStarted>().First().Cell.Key, pieces.Events.OfType<CellDone>().Count());
        Assert.That(resumed, Is.EqualTo(2), "the cell that was interrupted, and one more");

        var result = pieces.Sit(null)!;

        Assert.That(pieces.Events.OfType<CellStarted>().Select(each => each.Cell.Key), Has.None.EqualTo(beforehand));
        Assert.That(Scores(result), Is.EqualTo(Scores(_result)));
        Assert.That(pieces.Sit(null), Is.Not.Null);
        Assert.That(pieces.Events, Is.Empty, "nothing was left to do");
    }

    [Test]
    public void ACellThatFailsIsToldAndTheOthersGoOn()
    {
        using var small = new SmallComparison("""
            name: small
            base: base.yaml
            seeds: [1]
            methods:
              - { name: diverges, quantizer: { kind: straight_through }, with: { task: { detector: { gain: 1e-3, learn_gain: true } }, training: { quantized: { epochs: 2, optimizer: { kind: sgd, learning_rate: 1e6 }, schedule: { kind: constant, value: 1000 } } } } }
              - quantizer: { kind: straight_through }
            levels: [{ table: { kind: cyclic, count: 4 } }]
            """);

        var result = small.Sit(null)!;

        Assert.That(result.Failed, Is.EqualTo(1));
        Assert.That(result.Rows.Single(row => row.Name is "diverges").Scores.Single().Failure, Does.Contain("is not finite"));
        Assert.That(result.Rows.Single(row => row.Name is "straight through").Mean, Is.Not.Null);
        Assert.That(ComparisonPage.Write(result), Does.Contain("diverges").And.Contain("1 cell came to no result"));
    }

    private static double?[] Scores(ComparisonResult result) => [.. result.Rows.SelectMany(row => row.Scores.SelectMany(score => new[] { score.Score, score.Validation, score.Metrics.GetValueOrDefault("loss") }))];
}
