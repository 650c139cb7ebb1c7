using NUnit.Framework;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models.Perturbations;

/// <summary>The readings of a detector, against the statistics that it is to have.</summary>
public class DetectorErrorsTests
{
    internal static PerturbationKind[] AllErrors { get; } =
        [new ShotNoise { Photons = 1000 }, new ReadNoise { Sigma = 0.01 }, new FiniteBits { Bits = 4 }];

    /// <summary>A power P of which E entered with n photons is read with the mean P and the variance P·E/n.</summary>
    [TestCase(1)]
    [TestCase(0.5)]
    public void Photons_are_counted_one_by_one(double strength)
    {
        using var scope = NewDisposeScope();
        var powers = full([20000, 1], 0.3f);
        var read = Read(new ShotNoise { Photons = 40 }, powers, strength);
        var expected = 0.3 * 2 / (40 / (strength * strength));
        Assert.That(read.mean().item<float>(), Is.EqualTo(0.3).Within(4 * Math.Sqrt(expected / 20000)));
        Assert.That(read.var().item<float>(), Is.EqualTo(expected).Within(0.05 * expected));
        var perPhoton = 2f * (float)(strength * strength) / 40;
        Assert.That((read / perPhoton - (read / perPhoton).round()).abs().max().item<float>(), Is.LessThan(1e-3), "whole photons");
    }

    [Test]
    public void Read_noise_is_a_share_of_the_brightest_reading()
    {
        using var scope = NewDisposeScope();
        var powers = cat([ones(20000, 1) * 4, ones(20000, 1)], 1);
        var read = Read(new ReadNoise { Sigma = 0.02 }, powers, 0.5);
        Assert.That(read.select(1, 1).std().item<float>(), Is.EqualTo(0.04).Within(0.002));
        Assert.That(read.select(1, 1).mean().item<float>(), Is.EqualTo(1).Within(0.002));
    }

    [Test]
    public void Bits_are_steps_of_the_brightest_reading()
    {
        using var scope = NewDisposeScope();
        var powers = tensor(new float[] { 0, 0.9f, 1.1f, 2.6f, 6 }).view(1, 5);
        Assert.That(Read(new FiniteBits { Bits = 2 }, powers, 1).data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 2, 2, 6 }).Within(1e-6f));
        Assert.That(Read(new FiniteBits { Bits = 2 }, powers, 3).data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 0, 6 }).Within(1e-6f));
    }

    [TestCaseSource(nameof(AllErrors))]
    public void At_strength_0_powers_are_read_as_they_are(PerturbationKind error)
    {
        using var scope = NewDisposeScope();
        var powers = Powers();
        Assert.That(Tensors.SameBits(Read(error, powers, 0), powers), Is.True);
    }

    [TestCaseSource(nameof(AllErrors))]
    public void A_seed_gives_one_reading_and_darkness_stays_dark(PerturbationKind error)
    {
        using var scope = NewDisposeScope();
        var powers = Powers();
        Assert.That(Tensors.SameBits(Read(error, powers, 1), Read(error, powers, 1)), Is.True);
        Assert.That(Read(error, powers, 1).min().item<float>(), Is.Not.Negative);
        Assert.That(Read(error, zeros(3, 4), 1).abs().max().item<float>(), Is.Zero);
    }

    [TestCaseSource(nameof(AllErrors))]
    public void The_gradient_passes_as_if_the_reading_were_exact(PerturbationKind error)
    {
        using var scope = NewDisposeScope();
        var powers = Powers().requires_grad_();
        Read(error, powers, 1).sum().backward();
        Assert.That(powers.grad!.eq(1).all().item<bool>(), Is.True);
    }

    private static Tensor Powers() => Tensors.Normal([20, 10], 3, ScalarType.Float32).square();

    private static Tensor Read(PerturbationKind error, Tensor powers, double strength)
    {
        using var network = DeviceErrorsTests.Quantized();
        using var device = DeviceErrors.Of(network, [error], 7, _ => strength);
        return device.Detector.Read(powers, full([powers.shape[0]], 2f));
    }
}
