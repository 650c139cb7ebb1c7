using NUnit.Framework;
using OpticalQAT.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

/// <summary>Each optimizer against its published formula, with every option away from its default: one that is ignored would show.</summary>
public class OptimizerStepTests
{
    private const double Rate = 0.1;
    private const int Steps = 5;

    [Test]
    public void Adam_by_its_formula() =>
        AssertFollows(new AdamOptimizer { LearningRate = Rate, Beta1 = 0.6, Beta2 = 0.7, Epsilon = 0.01 }, Adam(0));

    [Test]
    public void AdamW_takes_the_weights_down_beside_the_gradient() =>
        AssertFollows(new AdamWOptimizer { LearningRate = Rate, Beta1 = 0.6, Beta2 = 0.7, Epsilon = 0.01, WeightDecay = 0.3 }, Adam(0.3));

    [Test]
    public void Descent_keeps_its_momentum()
    {
        var velocity = 0.0;
        AssertFollows(new SgdOptimizer { LearningRate = Rate, Momentum = 0.8 }, (x, gradient, _) => x - Rate * (velocity = 0.8 * velocity + gradient));
    }

    private static Func<double, double, int, double> Adam(double decay)
    {
        var (mean, square) = (0.0, 0.0);
        return (x, gradient, step) =>
        {
            mean = 0.6 * mean + 0.4 * gradient;
            square = 0.7 * square + 0.3 * gradient * gradient;
            return x * (1 - Rate * decay) - Rate * mean / (1 - Math.Pow(0.6, step)) / (Math.Sqrt(square / (1 - Math.Pow(0.7, step))) + 0.01);
        };
    }

    /// <summary>On the loss x⁴, whose gradient changes from step to step.</summary>
    private static void AssertFollows(OptimizerKind kind, Func<double, double, int, double> next)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor(0.9, ScalarType.Float64));
        var optimizer = kind.Build([parameter]);
        var expected = 0.9;
        for (var step = 1; step <= Steps; step++)
        {
            optimizer.zero_grad();
            parameter.pow(4).backward();
            optimizer.step();
            expected = next(expected, 4 * Math.Pow(expected, 3), step);
            Assert.That(parameter.item<double>(), Is.EqualTo(expected).Within(1e-9), $"step {step}");
        }
    }
}
