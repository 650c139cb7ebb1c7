using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models.Perturbations;

/// <summary>Errors that meet on one device, where one of them must know of the other.</summary>
public class ErrorsTogetherTests
{
    private const double Pitch = 0.75e-3;
    private const double Wavelength = 0.75e-3;

    /// <summary>The illumination's phase is that of the light that there is, at the samples where they are; so is a shift in metres.</summary>
    [Test]
    public void The_object_is_moved_and_lit_askew_in_the_light_and_at_the_pitch_of_the_device()
    {
        using var scope = NewDisposeScope();
        using var network = DeviceErrorsTests.Quantized();
        network.eval();
        using var device = Other(0.9, 1.2);
        device.Input.Tilt(0.1, -0.05);
        device.Input.Shift(1.2 * Pitch, 0);
        using var straight = Other(0.9, 1.2);

        var shifted = Tensors.Shift(DeviceErrorsTests.Input(), 1, 2);
        shifted.select(2, 0).zero_();
        var x = (arange(12, dtype: ScalarType.Float64) - 5.5) * (1.2 * Pitch);
        var phase = 2 * Math.PI / (0.9 * Wavelength) * (0.1 * x - 0.05 * x.unsqueeze(-1));
        var entering = (shifted.to(ScalarType.ComplexFloat64) * complex(phase.cos(), phase.sin())).to(ScalarType.ComplexFloat32);
        Assert.That(Tensors.RelativeError(network.Forward(DeviceErrorsTests.Input(), device), network.Forward(entering, straight)), Is.LessThan(3e-6));

        DeviceErrors Other(double wavelength, double pitch)
        {
            var errors = new DeviceErrors(network);
            errors.ScaleWavelength(wavelength);
            errors.ScalePitch(pitch);
            return errors;
        }
    }

    [Test]
    public void Two_blurs_are_one_whose_width_is_the_root_of_their_squares()
    {
        using var scope = NewDisposeScope();
        var heights = Tensors.Normal([1, 16, 16], 2).abs() * 1e-4;
        var material = new Material(1.7227, 0, new Wave(new Length(Wavelength)));
        Assert.That(Tensors.RelativeError(Blurred(3, 4), Blurred(5)), Is.LessThan(1e-12));
        Assert.That(Tensors.RelativeError(Blurred(3), Blurred(5)), Is.GreaterThan(0.01));

        Tensor Blurred(params double[] sigmas)
        {
            using var errors = new MaskErrors(1, 16, new MaskFrame(1), Pitch);
            foreach (var sigma in sigmas)
                errors.Blur(0, sigma * Pitch / 4);
            return errors.Apply(ones_like(heights).to(ScalarType.ComplexFloat64), heights, material);
        }
    }

    [Test]
    public void Two_noises_are_one_whose_width_is_the_root_of_their_squares()
    {
        using var scope = NewDisposeScope();
        var read = Read(cat([ones(20000, 1), full([20000, 1], 0.5)], 1), new ReadNoise { Sigma = 0.03 }, new ReadNoise { Sigma = 0.04 });
        Assert.That(read.select(1, 1).std().item<float>(), Is.EqualTo(0.05).Within(0.001));
    }

    /// <summary>Photons are counted, the electronics add their noise, and the sum is read in steps.</summary>
    [Test]
    public void Photons_noise_and_steps_act_in_this_order()
    {
        using var scope = NewDisposeScope();
        PerturbationKind[] noises = [new ShotNoise { Photons = 4000 }, new ReadNoise { Sigma = 0.05 }];
        var read = Read(full([20000, 1], 0.3f), noises);
        Assert.That(read.var().item<float>(), Is.EqualTo(0.3 * 2 / 4000 + 0.015 * 0.015).Within(5).Percent);

        // 3 steps of the brightest reading before the noise, which is that of the first region
        var steps = Read(tensor(new float[] { 3, 1, 2 }).view(1, 3).repeat([1000, 1]), [new FiniteBits { Bits = 2 }, new ReadNoise { Sigma = 0.2 }]);
        Assert.That((steps - steps.round()).abs().max().item<float>(), Is.LessThan(1e-5), "steps come last, whatever the order of the list");
        Assert.That(steps.select(1, 1).std().item<float>(), Is.GreaterThan(0.3), "and noise moves readings by steps");
    }

    /// <summary>Layers are counted from 1, and those that are not named stay as they are, whichever error it is.</summary>
    [Test]
    public void An_error_of_one_layer_leaves_the_others_alone([Values(1, 2)] int layer)
    {
        using var scope = NewDisposeScope();
        using var network = DeviceErrorsTests.Quantized();
        network.eval();
        var designed = network.Masks.Surface().Transmissions;
        foreach (var error in DeviceErrorsTests.AllErrors.OfType<LayerError>())
        {
            using var device = DeviceErrors.Of(network, [error with { Layers = [layer] }], seed: 3, _ => 1);
            var printed = device.Surface(network.Masks).Transmissions;
            Assert.That(Tensors.RelativeError(printed[layer - 1], designed[layer - 1]), Is.GreaterThan(1e-4), $"{error}");
            Assert.That(Tensors.RelativeError(printed[2 - layer], designed[2 - layer]), Is.LessThan(1e-6), $"{error}");
        }
    }

    /// <summary>Gaps are counted from 0, the way from the input to the first layer.</summary>
    [Test]
    public void An_error_of_one_gap_leaves_the_others_alone([Values(0, 1, 2)] int gap)
    {
        using var network = DeviceErrorsTests.Quantized();
        using var device = DeviceErrors.Of(network, [new AxialError { Amount = new Length(1e-4), Distribution = ErrorDistribution.Fixed, Gaps = [gap] }], seed: 3, _ => 1);
        var errors = device.Propagations(network)!.Zip(network.Gaps, (propagation, designed) => Math.Abs(propagation.Distance - designed.Metres));
        Assert.That(errors, Is.EqualTo(Enumerable.Range(0, 3).Select(i => i == gap ? 1e-4 : 0)).Within(1e-12));
    }

    /// <summary>At half the strength half as many pixels are dead, and they are among those of the full one.</summary>
    [Test]
    public void The_strength_multiplies_the_share_of_dead_pixels()
    {
        using var scope = NewDisposeScope();
        using var network = DeviceErrorsTests.Quantized(overrides: "optics.grid.size=12");
        network.eval();
        var designed = network.Masks.Surface().Transmissions;
        var (half, full) = (Dead(0.5), Dead(1));
        Assert.That(full.sum().item<long>() / (double)full.numel(), Is.EqualTo(0.6).Within(0.1));
        Assert.That(half.sum().item<long>() / (double)full.numel(), Is.EqualTo(0.3).Within(0.1));
        Assert.That(half.logical_and(full.logical_not()).any().item<bool>(), Is.False);

        Tensor Dead(double strength)
        {
            // A height between the levels tells a dead pixel from every other.
            using var device = DeviceErrors.Of(network, [new DeadPixels { Share = 0.6, Height = new Length(0.1e-3) }], seed: 3, _ => strength);
            return (device.Surface(network.Masks).Transmissions - designed).abs().gt(0.01);
        }
    }

    private static Tensor Read(Tensor powers, params PerturbationKind[] errors)
    {
        using var network = DeviceErrorsTests.Quantized();
        using var device = DeviceErrors.Of(network, errors, 7, _ => 1);
        return device.Detector.Read(powers, full([powers.shape[0]], 2f));
    }
}
