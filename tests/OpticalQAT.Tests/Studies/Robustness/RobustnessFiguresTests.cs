using NUnit.Framework;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Tasks;

namespace OpticalQAT.Tests.Studies.Robustness;

public sealed class RobustnessFiguresTests
{
    /// <summary>A curve runs over how large the error is, as its axis says, and not over what the plan multiplied it by.</summary>
    [Test]
    public void A_curve_runs_over_the_amount()
    {
        var drawn = Draw(strength: 0.5, amount: 0.375);
        Assert.That(Draw(strength: 1, amount: 0.375), Is.EqualTo(drawn).AsCollection);
        Assert.That(Draw(strength: 0.5, amount: 0.3), Is.Not.EqualTo(drawn).AsCollection);
    }

    private static byte[] Draw(double strength, double amount)
    {
        SweepPoint[] points =
        [
            new() { Strength = strength, Amount = amount, Mean = 0.8, Interval = null, Loss = 0.1, Scores = [0.8], Metrics = new Dictionary<string, double>(StringComparer.Ordinal) },
            new() { Strength = 2, Amount = 1.5, Mean = 0.4, Interval = null, Loss = 0.5, Scores = [0.4], Metrics = new Dictionary<string, double>(StringComparer.Ordinal) },
        ];
        var run = new DesignResult
        {
            Name = "plain",
            Path = "plain",
            Levels = [4, 4],
            Nominal = new Dictionary<string, double>(StringComparer.Ordinal) { ["accuracy"] = 0.9 },
            Sweeps = [new SweepResult("lateral_shift", "{ kind: lateral_shift }", "mm", points)],
            Yield = null,
        };
        return RobustnessFigures.Draw(new RobustnessResult { Plan = "plan", Seed = 1, Score = ClassificationTask.Accuracy, Examples = 10, Runs = [run] })["1-lateral_shift.png"];
    }
}
