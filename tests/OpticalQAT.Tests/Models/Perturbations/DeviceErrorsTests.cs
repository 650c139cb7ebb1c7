using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;
using OpticalQAT.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models.Perturbations;

/// <summary>Whole devices against simulations that are set up with the deviating values from the start.</summary>
public class DeviceErrorsTests
{
    private const double Wavelength = 0.75e-3;

    [Test]
    public void An_axial_error_is_a_longer_way([Values] bool fast)
    {
        using var scope = NewDisposeScope();
        using var network = Build(fast);
        using var device = new DeviceErrors(network);
        device.Lengthen(0, 0.3e-3);
        device.Lengthen(1, -0.2e-3);
        device.Lengthen(2, 0.1e-3);
        AssertIs(network, device, Simulate(network, Wavelength, 0.75e-3, 3.3e-3, 3.8e-3, 5.1e-3));
    }

    [Test]
    public void A_pitch_error_is_another_grid([Values] bool fast)
    {
        using var scope = NewDisposeScope();
        using var network = Build(fast);
        using var device = new DeviceErrors(network);
        device.ScalePitch(1.03);
        AssertIs(network, device, Simulate(network, Wavelength, 1.03 * 0.75e-3, 3e-3, 4e-3, 5e-3));
    }

    [Test]
    public void A_drift_of_the_wavelength_is_another_wave_between_the_masks_and_in_them([Values] bool fast)
    {
        using var scope = NewDisposeScope();
        using var network = Build(fast);
        using var device = new DeviceErrors(network);
        device.ScaleWavelength(0.97);
        AssertIs(network, device, Simulate(network, 0.97 * Wavelength, 0.75e-3, 3e-3, 4e-3, 5e-3));
    }

    [Test]
    public void A_shift_of_the_object_and_a_tilt_of_its_light_are_those_of_the_field_that_enters([Values] bool fast)
    {
        using var scope = NewDisposeScope();
        using var network = Build(fast);
        using var device = new DeviceErrors(network);
        device.Input.Shift(0.75e-3, -2 * 0.75e-3);
        device.Input.Tilt(0.1, -0.05);
        var shifted = Tensors.Shift(Tensors.Shift(Input(), 1, 2), -2, 1);
        shifted.select(2, 0).zero_();
        shifted.narrow(1, 10, 2).zero_();
        var x = (arange(12, dtype: ScalarType.Float64) - 5.5) * 0.75e-3;
        var phase = 2 * Math.PI / Wavelength * (0.1 * x - 0.05 * x.unsqueeze(-1));
        var entering = shifted.to(ScalarType.ComplexFloat64) * complex(phase.cos(), phase.sin());
        Assert.That(Tensors.RelativeError(network.Forward(Input(), device), network.forward(entering.to(ScalarType.ComplexFloat32))), Is.LessThan(3e-6));
    }

    [Test]
    public void What_changes_the_light_before_the_first_mask_wants_the_input()
    {
        using var scope = NewDisposeScope();
        using var network = Build(fast: true);
        using var device = new DeviceErrors(network);
        device.Lengthen(1, 1e-4);
        Assert.That(device.ReachesInput, Is.False);
        Assert.That(Tensors.RelativeError(network.FromFirstMask(network.ToFirstMask(Input()), device), network.Forward(Input(), device)), Is.LessThan(1e-6));
        device.Lengthen(0, 1e-4);
        Assert.That(device.ReachesInput, Is.True);
        Assert.That(() => network.FromFirstMask(Input(), device), Throws.ArgumentException);
    }

    /// <summary>The fast path's stack is shared: a device must leave it as the design has it.</summary>
    [Test]
    public void A_device_leaves_the_design_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var network = Build(fast: true);
        var before = network.forward(Input());
        using (var device = new DeviceErrors(network))
        {
            device.ScaleWavelength(1.1);
            Assert.That(Tensors.RelativeError(network.Forward(Input(), device), before), Is.GreaterThan(0.1));
        }
        Assert.That(Tensors.SameBits(network.forward(Input()), before), Is.True);
    }

    [Test]
    public void Both_paths_agree_on_a_device_with_every_error_and_on_its_gradients()
    {
        using var scope = NewDisposeScope();
        var fast = Outcome(fast: true);
        var torch = Outcome(fast: false);
        foreach (var (ours, theirs) in fast.Zip(torch))
            Assert.That(Tensors.RelativeError(ours, theirs), Is.LessThan(2e-5));

        static Tensor[] Outcome(bool fast)
        {
            using var network = Quantized(fast);
            using var device = DeviceErrors.Of(network, AllErrors, seed: 5, _ => 1);
            network.train();
            var output = network.Forward(Input(), device);
            Field.Intensity(output).square().sum().BackwardGuarded();
            return [output.detach(), network.Masks.Position.grad!.clone()];
        }
    }

    internal static PerturbationKind[] AllErrors { get; } =
    [
        new HeightError { Amount = new Length(2e-5) },
        new HeightBias { Amount = new Length(2e-5) },
        new HeightScale { Amount = 0.02 },
        new LateralShift { Amount = new Length(3e-4) },
        new Tilt { Amount = new Angle(0.01) },
        new EdgeBlur { Sigma = new Length(2e-4) },
        new DeadPixels { Share = 0.05 },
        new AxialError { Amount = new Length(2e-4) },
        new PixelPitchError { Amount = 0.01 },
        new WavelengthDrift { Amount = 0.01 },
        new InputMisalignment { Shift = new Length(2e-4), Tilt = new Angle(0.02) },
    ];

    internal static Tensor Input() => Tensors.NormalField([2, 12, 12], 9).to(ScalarType.ComplexFloat32);

    internal static OpticalModel Quantized(bool fast = true, params string[] overrides)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With([$"optics.fast_path={(fast ? "true" : "false")}", .. overrides]);
        return experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, SmallExperiment.Positions());
    }

    private static OpticalModel Build(bool fast)
    {
        var network = Quantized(fast, "model.mask.extinction=0.02");
        network.eval();
        return network;
    }

    private static void AssertIs(OpticalModel network, DeviceErrors device, Tensor expected) =>
        Assert.That(Tensors.RelativeError(network.Forward(Input(), device), expected), Is.LessThan(3e-6));

    /// <summary>The same masks in complex128, with light, pitch and distances as they are given.</summary>
    private static Tensor Simulate(OpticalModel network, double wavelength, double pitch, params double[] distances)
    {
        var wave = new Wave(new Length(wavelength));
        var material = new Material(1.7227, 0.02, wave);
        var propagator = new Propagator(new AngularSpectrum(), wave, new Grid { Size = 12, PixelPitch = new Length(pitch) });
        var field = propagator.Propagate(Input().to(ScalarType.ComplexFloat64), distances[0]);
        foreach (var (layer, heights) in network.Masks.HeightsOfLayers().Index())
        {
            var t = heights.Select(material.Transmission).ToArray();
            field = propagator.Propagate(field * ComplexTensor.Of(t, 12, 12), distances[layer + 1]);
        }
        return field;
    }
}
