using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Schedules;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

public class LightTermsTests
{
    private static readonly DetectorKind Plain = new GridDetector { Regions = 3 };
    private static readonly DetectorKind Differential = new DifferentialGridDetector { Classes = 3 };

    /// <summary>A tenth of the light arrives, a half is asked for: ln 5. Where more arrives than is asked for, nothing.</summary>
    [Test]
    public void The_efficiency_term_by_hand()
    {
        using var scope = NewDisposeScope();
        var term = new EfficiencyTerm { Weight = 1, Target = 0.5 };
        var penalty = term.Penalty(Light(Plain, new[,] { { 0.2, 0.2, 0.1 }, { 1, 1, 1 } }, entered: [5, 4]), tensor([0L, 1]));
        Assert.That(penalty.data<double>().ToArray(), Is.EqualTo((double[])[Math.Log(5), 0]).Within(1e-6));
    }

    /// <summary>The right class has contrast (6-2)/(6+2) and (1-3)/(1+3) before its strongest rival.</summary>
    [Test]
    public void The_contrast_term_by_hand()
    {
        using var scope = NewDisposeScope();
        var term = new ContrastTerm { Weight = 1, Target = 0.9 };
        var penalty = term.Penalty(Light(Plain, new[,] { { 6.0, 2, 1 }, { 2, 1, 3 } }, entered: [10, 10]), tensor([0L, 1]));
        Assert.That(penalty.data<double>().ToArray(), Is.EqualTo((double[])[0.4, 1.4]).Within(1e-6));
    }

    [Test]
    public void Weights_follow_their_schedule()
    {
        using var scope = NewDisposeScope();
        var light = Light(Plain, new[,] { { 6.0, 2, 1 } }, entered: [18]);
        var targets = tensor([0L]);
        var terms = new LightTerms
        {
            Efficiency = new EfficiencyTerm { Weight = 3, Schedule = new Linear { From = 0, To = 1 } },
            Contrast = new ContrastTerm { Weight = 2 },
        };
        Assert.That(terms.Of(light, targets, 0)!.item<double>(), Is.EqualTo(2 * 0.5).Within(1e-6));
        Assert.That(terms.Of(light, targets, 0.5)!.item<double>(), Is.EqualTo(2 * 0.5 + 1.5 * Math.Log(2)).Within(1e-6));
        Assert.That(new LightTerms().Of(light, targets, 1), Is.Null);
    }

    [TestCaseSource(nameof(Terms))]
    public void The_gradient_matches_finite_differences(LightTerm term, DetectorKind detector)
    {
        using var scope = NewDisposeScope();
        var regions = detector.ClassCount * (detector == Differential ? 2 : 1);
        var powers = Tensors.Normal([4, regions], 5).abs() + 0.2;
        var (targets, entered) = (tensor([0L, 1, 2, 0]), full(4, 50.0, dtype: ScalarType.Float64));
        Tensors.AssertGradientMatchesDifferences(
            p => term.Penalty(new DetectedLight(detector, p, detector.Signals(p), entered), targets).sum(), powers, step: 1e-5, tolerance: 1e-6);
    }

    /// <summary>A step against the gradient brings more light, or a clearer answer.</summary>
    [TestCaseSource(nameof(Terms))]
    public void The_gradient_points_where_it_should(LightTerm term, DetectorKind detector)
    {
        using var scope = NewDisposeScope();
        var powers = (Tensors.Normal([1, detector == Differential ? 6 : 3], 6).abs() + 0.2).requires_grad_(true);
        var targets = tensor([1L]);
        Penalty(powers).sum().backward();
        var better = (powers - 0.01 * powers.grad!).detach();
        Assert.That(Penalty(better).item<double>(), Is.LessThan(Penalty(powers).item<double>()));
        if (term is EfficiencyTerm)
            Assert.That(better.sum().item<double>(), Is.GreaterThan(powers.sum().item<double>()));

        Tensor Penalty(Tensor p) => term.Penalty(new DetectedLight(detector, p, detector.Signals(p), tensor([30.0])), targets);
    }

    /// <summary>The same experiment with and without the term: with it more of the light arrives, or the answer is clearer.</summary>
    [TestCase("efficiency")]
    [TestCase("contrast")]
    public void Training_with_a_term_brings_what_it_asks_for(string term)
    {
        string[] longer = ["training.quantized.epochs=20", "training.quantized.optimizer.learning_rate=0.1"];
        using var without = new SmallTraining(SmallExperiment.With(longer)).Run();
        using var with = new SmallTraining(SmallExperiment.With([.. longer, $"task.loss={{ {term}: {{ weight: 3 }} }}"])).Run();
        Assert.That(with.Epochs[^1].Validation[term], Is.GreaterThan(1.05 * without.Epochs[^1].Validation[term]));
        Assert.That(with.Epochs[^1].Validation["loss"], Is.GreaterThan(without.Epochs[^1].Validation["loss"]), "the loss counts the term");
    }

    private static IEnumerable<object[]> Terms()
    {
        foreach (var detector in new[] { Plain, Differential })
        {
            yield return [new EfficiencyTerm { Weight = 1 }, detector];
            yield return [new ContrastTerm { Weight = 1 }, detector];
        }
    }

    private static DetectedLight Light(DetectorKind detector, double[,] powers, double[] entered)
    {
        var p = tensor(powers);
        return new DetectedLight(detector, p, detector.Signals(p), tensor(entered));
    }
}
