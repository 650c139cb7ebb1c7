using NUnit.Framework;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Tests.Data;

namespace OpticalQAT.Tests.Studies.Comparison;

public sealed class ComparisonPlanTests
{
    [Test]
    public void EveryMethodInEveryDomainAtEveryTable_AndOneReferenceForAll()
    {
        using var small = new SmallComparison();

        var rows = small.Plan().Settings;

        Assert.That(rows.Select(row => row.Title), Is.EqualTo((string[])
        [
            "full precision, continued",
            "2 levels, rounded after training", "2 levels, straight through, by transmission", "2 levels, straight through, by height", "2 levels, sigmoid, by transmission",
            "4 levels, rounded after training", "4 levels, straight through, by transmission", "4 levels, straight through, by height", "4 levels, sigmoid, by transmission",
        ]));
        Assert.That(rows.Select(row => row.Candidates.Select(candidate => candidate.LearningRate)), Is.All.EqualTo((double[])[0.01, 0.05]));
        Assert.That(rows.Skip(1).Select(row => row.Reference), Is.All.SameAs(rows[0]));
    }

    [Test]
    public void WithinASeedAllStartFromOneModel_AndASearchedLearningRateDoesNotChangeIt()
    {
        using var small = new SmallComparison();
        var plan = small.Plan();

        string[] Starts(int seed) => [.. plan.Settings.Where(row => row.Role != ComparedRole.PostTraining)
            .SelectMany(row => row.Candidates.Select(candidate => row.Cell(plan.CellFolder, candidate, seed).Start!.Key)).Distinct(StringComparer.Ordinal)];

        Assert.That(Starts(1), Has.Length.EqualTo(1));
        Assert.That(Starts(2), Has.Length.EqualTo(1).And.Not.EqualTo(Starts(1)));
        // 2 starts, 7 searches of 2, 7 for the other seed, 2 × 2 roundings
        Assert.That(plan.Cells(_ => 0), Has.Count.EqualTo(2 + 14 + 7 + 4));
    }

    [Test]
    public void ACellIsTheSameWhereverItIsKept_AndAnotherOneWhenAnythingThatCountsIsAnother()
    {
        using var small = new SmallComparison();

        string Key(params string[] overrides)
        {
            var plan = small.Plan(overrides);
            return plan.Settings[2].Cell(plan.CellFolder, plan.Settings[2].Candidates[0], 1).Key;
        }

        Assert.That(Key("name=other", "folder=elsewhere", "with.device=cuda", "seeds=[1]"), Is.EqualTo(Key()));
        Assert.That(Key("with.task.dataset.train_count=48"), Is.Not.EqualTo(Key()));
        Assert.That(Key("with.training.full_precision.optimizer.learning_rate=0.04"), Is.Not.EqualTo(Key()), "the model it starts from is another");
    }

    [Test]
    public void OfADatasetTheExamplesCount_AndNotWhereTheyLie()
    {
        using var small = new SmallComparison();
        using var here = new MnistFolder();
        using var packed = new MnistFolder();
        File.Delete(packed.FullName("train-labels-idx1-ubyte"));
        packed.WriteIdx("train-labels-idx1-ubyte.gz", [8], [0, 1, 2, 0, 1, 2, 0, 1]);
        using var other = new MnistFolder();
        other.Write("t10k", [2, 1, 0, 1]);

        string Key(string folder)
        {
            var plan = small.Plan($"with.task.dataset={{ kind: mnist, folder: {folder}, validation_count: 3 }}");
            return plan.Settings[2].Cell(plan.CellFolder, plan.Settings[2].Candidates[0], 1).Key;
        }

        Assert.That(Key(packed.Path), Is.EqualTo(Key(here.Path)));
        Assert.That(Key(other.Path), Is.Not.EqualTo(Key(here.Path)));
        var before = Key(here.Path);
        here.Write("t10k", [2, 1, 0, 1]);
        Assert.That(Key(here.Path), Is.EqualTo(Key(other.Path)).And.Not.EqualTo(before), "a plan that is read anew sees what has changed in the meantime");
    }

    [Test]
    public void ARecipeMayShareTheStepsOutAnew_ButNotTakeMore()
    {
        using var small = new SmallComparison("""
            name: recipes
            base: base.yaml
            levels:
              - table: { kind: cyclic, count: 2 }
                with: { training: { full_precision: { epochs: 1 }, quantized: { epochs: 3, optimizer: { kind: adam, learning_rate: 0.1 } } } }
              - base: base.yaml
            """);
        var plan = small.Plan();
        var recipe = plan.Settings.Single(row => row is { Role: ComparedRole.Method, LevelCount: 2 }).Experiment.Training;

        Assert.That((recipe.FullPrecision.Epochs, recipe.Quantized.Epochs, recipe.Quantized.Optimizer.LearningRate), Is.EqualTo((1, 3, 0.1)));
        Assert.That(plan.Settings.Single(row => row is { Role: ComparedRole.Method, LevelCount: 4 }).Quantizer, Is.EqualTo("progressive_sigmoid"));
        Assert.That(ComparisonPlan.Read(small.Path, ["levels.1.with={ training: { quantized: { epochs: 9 } } }"]).Errors.Single().ToString(),
            Is.EqualTo($"{small.Path}:6:5: here are 2 + 9 epochs in batches of 8, in the reference 2 + 2 epochs in batches of 8; both must take as many steps in all, so change the phases here, or those of the reference under the key 'reference'"));
    }

    [Test]
    public void HeightsThatATableConfinesAreConfinedInItsReferenceToo()
    {
        using var small = new SmallComparison();

        var rows = small.Plan("levels=[{ table: { kind: cyclic, count: 4 } }, { table: { kind: inclusive, count: 4, max: 0.5 mm } }]").Settings;

        Assert.That(rows.Count(row => row.Role == ComparedRole.FullPrecision), Is.EqualTo(2));
        var confined = rows.Single(row => row is { Role: ComparedRole.Method, Levels: "4 levels, inclusive", Name: "sigmoid" });
        Assert.That(confined.Reference!.Experiment.Levels![0].Heights[^1], Is.EqualTo(0.5e-3).Within(1e-12));
        Assert.That(confined.Cell("f", confined.Candidates[0], 1).Start!.Key, Is.EqualTo(confined.Reference.Cell("f", confined.Reference.Candidates[0], 1).Start!.Key));
    }

    [Test]
    public void AllMistakesAreSaidAtOnce_EachWithItsPlaceInTheFileThatItStandsIn()
    {
        using var small = new SmallComparison("""
            name: wrong
            base: base.yaml
            with: { training: { batch_size: 0 } }
            methods:
              - quantizer: { kind: straight_trough }
              - quantizer: { kind: progressive_sigmoid, gradient: depth }
            levels:
              - table: { kind: cyclic, count: 4 }
              - { table: { kind: cyclic, count: 8 }, base: nosuch.yaml }
            """);

        var errors = ComparisonPlan.Read(small.Path, []).Errors.Select(error => $"{error.Place.Line}:{error.Place.Column} {error.Message.Split(';', ',')[0]}");

        Assert.That(errors, Is.EquivalentTo((string[])
        [
            "3:33 'training.batch_size' must be at least 1", "5:24 there is no quantizer 'straight_trough'", "6:55 'quantizer.gradient' must be one of 'transmission'",
            $"9:48 'levels.1.base' names {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(small.Folder, "nosuch.yaml"))}",
        ]));
    }

    [TestCase("seeds=[1, 1]", "the seeds must be at least one")]
    [TestCase("search={}", "there is nothing to search through")]
    [TestCase("methods=[]", "the list is empty")]
    [TestCase("levels=[{ table: { kind: cyclic, count: 4 } }, { table: { kind: cyclic, count: 4 } }]", "there are two rows '4 levels, straight through, by transmission'")]
    [TestCase("with={ quantizer: { kind: none } }", "this method has no quantizer")]
    [TestCase("levels=[{ table: { kind: cyclic, count: 4 }, with: { task: { dataset: { kind: glyphs, train_count: 99 } } } }]", "both must learn from the same")]
    public void WhatCannotBeComparedIsRefused(string change, string because)
    {
        using var small = new SmallComparison(change.StartsWith("with", StringComparison.Ordinal) ? "name: small\nbase: base.yaml\n" : SmallComparison.Yaml);

        Assert.That(ComparisonPlan.Read(small.Path, [change]).Errors.Select(error => error.Message), Has.Some.StartsWith(because).Or.Some.EndsWith(because));
    }

    [Test]
    public void AComparisonIsToldFromAnExperiment()
    {
        using var small = new SmallComparison();

        Assert.That(ComparisonPlan.Recognises(small.Path));
        Assert.That(ComparisonPlan.Recognises(Path.Combine(small.Folder, "base.yaml")), Is.False);
        Assert.That(ComparisonPlan.Recognises(Path.Combine(small.Folder, "nosuch.yaml")), Is.False);
    }
}
