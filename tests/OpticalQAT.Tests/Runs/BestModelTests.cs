using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Runs;

public sealed class BestModelTests
{
    [TestCase(0.9, 0.5, true)]
    [TestCase(0.8, 0.1, true)]
    [TestCase(0.8, 0.2, false)]
    [TestCase(0.8, 0.3, false)]
    [TestCase(0.7, 0.1, false)]
    public void A_higher_score_is_better_and_at_the_same_score_a_lower_loss(double score, double loss, bool isBetter)
    {
        var experiment = SmallExperiment.With();
        using var task = experiment.Task.Build(experiment.Optics);
        Assert.That(task.IsBetter(Metrics(score, loss), Metrics(0.8, 0.2)), Is.EqualTo(isBetter));
    }

    [Test]
    public void Steps_are_counted_through_both_phases()
    {
        using var run = new SmallRun();
        run.Sit();
        Assert.That(run.Epochs.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64()), Is.EqualTo((long[])[0, 5, 10, 10, 15, 20]));
    }

    private static Dictionary<string, double> Metrics(double score, double loss) => new(StringComparer.Ordinal) { ["accuracy"] = score, ["loss"] = loss };
}
