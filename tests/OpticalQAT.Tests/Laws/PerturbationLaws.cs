using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Tests.Models.Perturbations;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every fabrication error.</summary>
public class PerturbationLaws
{
    private static IEnumerable<PerturbationKind> Errors => DeviceErrorsTests.AllErrors;

    [Test]
    public void Every_kind_is_put_to_the_test() =>
        Assert.That(Errors.Concat(DetectorErrorsTests.AllErrors).Select(KindNames.Of), Is.EquivalentTo(Kinds.Library.FamilyOf(typeof(PerturbationKind)).Kinds.Select(kind => kind.Name)));

    [TestCaseSource(nameof(Errors))]
    public void At_strength_0_a_device_is_its_design(PerturbationKind error)
    {
        using var scope = NewDisposeScope();
        using var network = DeviceErrorsTests.Quantized();
        Assert.That(Tensors.RelativeError(Output(error, 3, 0), network.forward(DeviceErrorsTests.Input())), Is.LessThan(1e-6));
    }

    [TestCaseSource(nameof(Errors))]
    public void A_seed_gives_one_device_and_two_seeds_two(PerturbationKind error)
    {
        using var scope = NewDisposeScope();
        var first = Output(error, 3, 1);
        Assert.That(Tensors.SameBits(Output(error, 3, 1), first), Is.True);
        Assert.That(Tensors.RelativeError(Output(error, 4, 1), first) > 1e-6, Is.EqualTo(error.IsDrawn));
    }

    /// <summary>The numbers drawn do not depend on the strength, so a little more of it changes a little.</summary>
    [TestCaseSource(nameof(Errors))]
    public void A_curve_over_strengths_follows_one_device(PerturbationKind error)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Output(error, 3, 1), Output(error, 3, 1.0001));
        Assert.That(Tensors.RelativeError(b, a), Is.LessThan(2e-3));
    }

    [TestCaseSource(nameof(Errors))]
    public void It_says_whether_it_acts_before_the_first_mask(PerturbationKind error)
    {
        using var scope = NewDisposeScope();
        using var network = DeviceErrorsTests.Quantized();
        using var device = DeviceErrors.Of(network, [error], 3, _ => 1);
        Assert.That(device.ReachesInput, Is.EqualTo(error.ReachesInput));
    }

    /// <summary>One error more changes none of the others' draws.</summary>
    [Test]
    public void Errors_draw_apart_from_each_other()
    {
        using var scope = NewDisposeScope();
        using var network = DeviceErrorsTests.Quantized();
        PerturbationKind shift = Errors.OfType<LateralShift>().Single();
        PerturbationKind none = Errors.OfType<HeightError>().Single() with { Amount = default };
        using var alone = DeviceErrors.Of(network, [shift], 3, _ => 1);
        using var together = DeviceErrors.Of(network, [shift, none], 3, _ => 1);
        var input = DeviceErrorsTests.Input();
        Assert.That(Tensors.RelativeError(network.Forward(input, together), network.Forward(input, alone)), Is.LessThan(1e-6));
    }

    private static Tensor Output(PerturbationKind error, long seed, double strength)
    {
        using var network = DeviceErrorsTests.Quantized();
        network.eval();
        using var device = DeviceErrors.Of(network, [error], seed, _ => strength);
        return network.Forward(DeviceErrorsTests.Input(), device);
    }
}
