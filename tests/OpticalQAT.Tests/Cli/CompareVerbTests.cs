using NUnit.Framework;
using OpticalQAT.Tests.Studies.Comparison;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Cli;

public sealed class CompareVerbTests
{
    private const string One = """
        name: small
        base: base.yaml
        seeds: [1, 2]
        levels: [{ table: { kind: cyclic, count: 4 } }]
        """;

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no such signals.")]
    [Slow]
    public void AnInterruptedComparisonGoesOnWithTheSameCommand()
    {
        using var small = new SmallComparison(One);

        var interrupted = CommandResult.Interrupted(small.Folder, "INT", "[1/", "compare", "compare.yaml");
        var finished = CommandResult.Of(small.Folder, "compare", "compare.yaml", "--json");
        var again = CommandResult.Of(small.Folder, "compare", "compare.yaml");

        Assert.That(interrupted.ExitCode, Is.EqualTo(130), interrupted.Errors);
        Assert.That(interrupted.Output, Is.Empty);
        Assert.That(interrupted.Errors, Does.Contain("the same command goes on from here"));
        Assert.That(finished.ExitCode, Is.Zero, finished.Errors);
        Assert.That(finished.Json.GetProperty("rows").GetArrayLength(), Is.EqualTo(3));
        Assert.That(File.ReadAllText(Path.Combine(small.Folder, "runs", "small-compare", "comparison.json")).Trim(), Is.EqualTo(finished.Output.Trim()));
        Assert.That(again.ExitCode, Is.Zero);
        Assert.That(again.Errors, Does.Not.Contain("[1/"));
        Assert.That(again.Output, Does.Contain("progressive sigmoid").And.Contain("Page: runs/small-compare/comparison.html"));
    }

    [Test]
    [Slow]
    public void AFailingCellExitsWith1_MistakesWith2()
    {
        using var small = new SmallComparison(One);
        string[] diverging = ["compare", "compare.yaml", "seeds=[1]", "levels.0.with={ task: { detector: { gain: 1e-3, learn_gain: true } }, training: { quantized: { epochs: 2, optimizer: { kind: sgd, learning_rate: 1e6 }, schedule: { kind: constant, value: 1000 } } } }"];

        var failed = CommandResult.Of(small.Folder, diverging);
        var mistaken = CommandResult.Of(small.Folder, "compare", "compare.yaml", "levels.0.table.count=1", "methods=[{ quantiser: 1 }]");
        var validated = CommandResult.Of(small.Folder, "validate", "compare.yaml", "--json");

        Assert.That(failed.ExitCode, Is.EqualTo(1), failed.Errors);
        Assert.That(failed.Output, Does.Contain("Failed: 4 levels, progressive sigmoid, by transmission, seed 1").And.Contain("is not finite"));
        Assert.That(mistaken.ExitCode, Is.EqualTo(2));
        Assert.That(mistaken.Errors, Does.Contain("must be at least 2").And.Contain("did you mean").And.Not.Contain("   at "));
        Assert.That(validated.ExitCode, Is.Zero, validated.Errors);
        Assert.That(validated.Json.GetProperty("cells").GetInt32(), Is.EqualTo(8));
        Assert.That(validated.Json.GetProperty("finished").GetInt32(), Is.EqualTo(3));
    }
}
