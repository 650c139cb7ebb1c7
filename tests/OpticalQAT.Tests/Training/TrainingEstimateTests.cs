using NUnit.Framework;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Training;

public sealed class TrainingEstimateTests
{
    /// <summary>Logits for 4,096 levels make a step of phase two many times as long as one in full precision, which is not to be counted in its place.</summary>
    [TestCase(10, 0)]
    [TestCase(0, 10)]
    public void Each_phase_is_counted_with_its_own_steps(int fullPrecision, int quantized)
    {
        var estimate = TrainingEstimate.Of(
            SmallExperiment.With("quantizer={ kind: gumbel_softmax, levels: { kind: cyclic, count: 4096 } }", $"training.full_precision.epochs={fullPrecision}", $"training.quantized.epochs={quantized}"),
            new ExampleCounts(Train: 1_000_000, Validation: 1, Test: 1));

        Assert.That(estimate.QuantizedStepSeconds, Is.GreaterThan(1.5 * estimate.FullPrecisionStepSeconds), "or nothing tells them apart");
        Assert.That(estimate.Steps, Is.EqualTo(10 * 62_500));
        var training = 62_500 * (fullPrecision * estimate.FullPrecisionStepSeconds + quantized * estimate.QuantizedStepSeconds);
        Assert.That(estimate.Seconds, Is.EqualTo(training).Within(5).Percent);
    }
}
