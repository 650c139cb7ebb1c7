using NUnit.Framework;
using OpticalQAT.Checks;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Checks;

public sealed class TrainingEstimateTests
{
    /// <summary>Logits for 4,096 levels make a step of phase two many times as long as one in full precision, which is not to be counted in its place.</summary>
    [Test]
    public void Each_phase_is_counted_with_its_own_steps()
    {
        var estimate = TrainingEstimate.Of(
            SmallExperiment.With("quantizer={ kind: gumbel_softmax, levels: { kind: cyclic, count: 4096 } }", "training.full_precision.epochs=2", "training.quantized.epochs=10"),
            new ExampleCounts(Train: 1_000_000, Validation: 1, Test: 1), onFastPath: null);

        Assert.That(estimate.QuantizedStepSeconds, Is.GreaterThan(1.5 * estimate.FullPrecisionStepSeconds), "or nothing tells them apart");
        Assert.That(estimate.Steps, Is.EqualTo(12 * 62_500));
        var training = 62_500 * (2 * estimate.FullPrecisionStepSeconds + 10 * estimate.QuantizedStepSeconds);
        Assert.That(estimate.Seconds, Is.EqualTo(training).Within(5).Percent);
    }
}
