using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;
using OpticalQAT.Runs;
using OpticalQAT.Runtime;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>Light of several wavelengths is so many experiments at once, whose intensities add up.</summary>
public class PolychromaticTests
{
    private const string Spectrum = "optics.spectrum=[{wavelength: 0.75 mm, weight: 3}, {wavelength: 0.6 mm}]";

    /// <summary>The network in polychromatic light against one network for each wavelength, with the same heights.</summary>
    [Test]
    public void Each_wavelength_goes_its_own_way([Values] bool fast, [Values] Masks masks)
    {
        using var scope = NewDisposeScope();
        using var network = Build(masks, fast, Spectrum);
        using var red = Build(masks, fast);
        using var blue = Build(masks, fast, "optics.spectrum=[{wavelength: 0.6 mm}]");
        var input = Tensors.NormalField([3, 2, 12, 12], 5).to(ScalarType.ComplexFloat32);
        var output = network.forward(input);
        Assert.That(output.shape, Is.EqualTo(new long[] { 3, 2, 12, 12 }));
        Assert.That(Tensors.RelativeError(output[.., 0], red.forward(input[.., 0])), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(output[.., 1], blue.forward(input[.., 1])), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(output[.., 1], red.forward(input[.., 1])), Is.GreaterThan(0.1), "the two differ");
    }

    [Test]
    public void Fast_path_and_torch_agree_in_the_gradients_of_the_heights([Values] Masks masks)
    {
        using var scope = NewDisposeScope();
        var (fast, plain) = (Gradient(true), Gradient(false));
        Assert.That(Tensors.RelativeError(fast, plain), Is.LessThan(1e-5));
        Assert.That(plain.abs().max().item<float>(), Is.GreaterThan(0));

        Tensor Gradient(bool fast)
        {
            using var network = Build(masks, fast, Spectrum);
            var weight = Tensors.Normal([3, 12, 12], 7, ScalarType.Float32);
            var input = Tensors.NormalField([3, 2, 12, 12], 5).to(ScalarType.ComplexFloat32);
            (Field.Intensity(network.forward(input)) * weight).sum().BackwardGuarded();
            return network.Masks.Position.grad!;
        }
    }

    [Test]
    public void Intensities_add_up_by_their_weights()
    {
        using var scope = NewDisposeScope();
        var setting = SmallExperiment.With(Spectrum).Optics;
        var field = Tensors.NormalField([2, 12, 12], 5);
        var lit = setting.Illuminate(_ => field);
        Assert.That(Tensors.RelativeError(Field.Intensity(lit[.., 0]), 0.75 * field.abs().square()), Is.LessThan(1e-12));
        Assert.That(Tensors.RelativeError(Field.Intensity(lit), field.abs().square()), Is.LessThan(1e-12));
    }

    /// <summary>A phase object is a way in glass: in light of four fifths of the wavelength it is five quarters as many waves.</summary>
    [Test]
    public void A_phase_object_delays_short_waves_more()
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With(Spectrum, "task.encoding={kind: phase, maximum: 2 rad}");
        using var task = experiment.Task.Build(experiment.Optics);
        var phases = task.Encode(new Examples(full([1, 12, 12], 255, ScalarType.Byte), zeros([1], ScalarType.Int64))).angle();
        Assert.That(phases[0, 0, 6, 6].item<float>(), Is.EqualTo(2).Within(1e-5));
        Assert.That(phases[0, 1, 6, 6].item<float>(), Is.EqualTo(2.5).Within(1e-5));
    }

    [Test]
    public void Trains_and_scores_through_every_part()
    {
        using var scope = NewDisposeScope();
        using var training = new Training.SmallTraining(SmallExperiment.With(Spectrum));
        var batch = training.Fields.Train.Take(tensor([0L, 1]));
        Assert.That(batch.Fields.shape, Is.EqualTo(new long[] { 2, 2, 12, 12 }));
        var input = training.Task.Encode(training.Fields.Data.Train.Slice(0, 2));
        Assert.That(Tensors.RelativeError(batch.Entered, input.abs().square().sum([1, 2, 3])), Is.LessThan(1e-6));
    }

    /// <summary>A device with errors of every sort in light of two wavelengths is two devices with the same errors.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void A_fabricated_device_shows_each_wavelength_its_own_errors(bool fast)
    {
        using var scope = NewDisposeScope();
        using var network = Build(fast, Spectrum);
        using var red = Build(fast);
        using var blue = Build(fast, "optics.spectrum=[{wavelength: 0.6 mm}]");
        var input = Tensors.NormalField([3, 2, 12, 12], 5).to(ScalarType.ComplexFloat32);
        var output = Of(network, input);
        Assert.That(Tensors.RelativeError(output[.., 0], Of(red, input[.., 0])), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(output[.., 1], Of(blue, input[.., 1])), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(output, network.forward(input)), Is.GreaterThan(0.05), "and errors matter");

        static Tensor Of(OpticalModel design, Tensor field)
        {
            using var device = new DeviceErrors(design);
            device.Lengthen(1, 0.4e-3);
            device.ScaleWavelength(1.01);
            device.Masks.ScaleHeights(0, 1.1);
            device.Masks.Shift(1, 0.2e-3, 0);
            device.Masks.Kill(ones([2, 12, 12], ScalarType.Bool).triu(8), 0.3e-3);
            return design.Forward(field, device);
        }
    }

    /// <summary>A model keeps its heights, whatever light it is evaluated in: its circle of levels was closed by the light it was trained for.</summary>
    [TestCase("quantizer.kind=straight_through")]
    [TestCase("quantizer.kind=none")]
    public void A_model_shows_its_heights_in_other_light(string quantizer)
    {
        using var scope = NewDisposeScope();
        using var folder = new Runtime.TemporaryFolder();
        var experiment = SmallExperiment.With(quantizer);
        var positions = SmallExperiment.Positions() * 4;
        var network = quantizer.EndsWith("none", StringComparison.Ordinal)
            ? experiment.Model.Build(experiment.Optics, experiment.Levels, new Generator(4))
            : experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, positions);
        using var model = TrainedModel.Of(experiment, network, experiment.Task.Build(experiment.Optics));
        model.Save(folder.File("model.safetensors"));

        using var lit = TrainedModel.Load(folder.File("model.safetensors"), ["optics.spectrum=[{wavelength: 0.75 mm}, {wavelength: 0.6 mm}]"]);
        Assert.That(Tensors.SameBits(lit.Network.Masks.Heights(), model.Network.Masks.Heights()), Is.True);
        var input = Tensors.NormalField([1, 2, 12, 12], 9).to(ScalarType.ComplexFloat32);
        Assert.That(Tensors.RelativeError(lit.Network.forward(input)[.., 0], model.Network.forward(input[.., 0])), Is.LessThan(1e-6));
    }

    [Test]
    public void A_field_without_the_wavelengths_is_refused()
    {
        using var network = Build(true, Spectrum);
        using var field = zeros([2, 12, 12], ScalarType.ComplexFloat32);
        Assert.That(() => network.forward(field), Throws.ArgumentException.With.Message.StartsWith(
            "the field has shape [2, 12, 12], but the light has 2 wavelengths: it must be [B, 2, N, N]"));
    }

    /// <summary>A height is one height whatever the light; a circle of levels closes in light of one wavelength alone.</summary>
    [Test]
    public void A_level_table_does_not_close_under_a_second_wavelength()
    {
        Assert.That(SmallExperiment.With().Levels![0].Period, Is.Not.Null);
        Assert.That(SmallExperiment.With(Spectrum).Levels![0].Period, Is.Null);
        Assert.That(SmallExperiment.With("optics.spectrum=[{wavelength: 0.75 mm}]").Levels![0].Period, Is.Not.Null);
        Assert.That(SmallExperiment.With(Spectrum).Levels![0].Heights.ToArray(), Is.EqualTo(SmallExperiment.With().Levels![0].Heights.ToArray()));
    }

    /// <summary>t(λ) = exp(i·2π(n(λ)-1)h/λ) at each wavelength, from the same heights.</summary>
    [TestCase("model.mask.material_index=1.5", 1.5)]
    [TestCase("model.mask={dispersion: {kind: table, values: [{wavelength: 0.5 mm, index: 1.6}, {wavelength: 0.75 mm, index: 1.5}]}}", 1.56)]
    public void A_relief_shows_each_wavelength_its_own_transmission(string mask, double index)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With(Spectrum, mask);
        using var generator = new Generator(4);
        using var network = experiment.Model.Build(experiment.Optics, null, generator);
        var masks = network.Masks;
        var phase = masks.Heights()[0] * (2 * Math.PI * (index - 1) / 0.6e-3);
        Assert.That(Tensors.RelativeError(masks.Surface().Transmissions[1, 0], complex(phase.cos(), phase.sin())), Is.LessThan(1e-5));
        Assert.That(masks.Material.OneWave.Metres, Is.EqualTo(0.75e-3 / 0.5).Within(1e-12));
    }

    /// <summary>Distance, pitch and wavelength reach the field at each wavelength.</summary>
    [Test]
    public void Gradients_of_the_geometry_reach_every_wavelength()
    {
        using var scope = NewDisposeScope();
        var propagator = SmallExperiment.With(Spectrum, "optics.propagator={kind: auto}").Optics.BuildPropagator();
        var (field, weight) = (Tensors.NormalField([1, 2, 12, 12], 1), Tensors.Normal([1, 12, 12], 3));
        Tensors.AssertGradientMatchesDifferences(
            shares => (weight * Field.Intensity(propagator.Propagate(field, shares[0] * 4e-3, shares[1], shares[2]))).sum(),
            ones([3], ScalarType.Float64) * 1.01, step: 2e-7, tolerance: 1e-6);
        Assert.That(Tensors.RelativeError(propagator.Propagate(field, tensor(4e-3)), propagator.Propagate(field, 4e-3)), Is.LessThan(1e-11));
    }

    public enum Masks
    {
        Continuous,
        ByTransmission,
        ByHeight,
    }

    private static OpticalModel Build(bool fast, params string[] overrides) => Build(Masks.Continuous, fast, overrides);

    private static OpticalModel Build(Masks masks, bool fast, params string[] overrides)
    {
        var experiment = SmallExperiment.With([.. overrides, $"optics.fast_path={(fast ? "true" : "false")}", $"quantizer.gradient={(masks == Masks.ByHeight ? "height" : "transmission")}"]);
        using var generator = new Generator(4);
        if (masks == Masks.Continuous)
            return experiment.Model.Build(experiment.Optics, null, generator);
        using var scope = NewDisposeScope();
        var positions = SmallExperiment.Positions().clamp(-1, 1) + 1.5;
        // The same table for all, so that the heights are the same: one that does not close.
        return experiment.Model.BuildQuantized(experiment.Optics, SmallExperiment.With(Spectrum).Levels!, experiment.Quantizer, positions);
    }
}
