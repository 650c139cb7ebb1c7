using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Training;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

/// <summary>The effect of masks other than printed heights on the light, and what stays as it is when a layer is frozen.</summary>
public class ModulationTests
{
    private const string Unquantized = "quantizer={ kind: none }";

    [Test]
    public void A_phase_mask_turns_the_phase_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var network = Build("model.mask={ modulation: phase }");
        var masks = network.Masks;
        var t = masks.Surface().Transmissions;
        Assert.That(t.abs().sub(1).abs().max().item<float>(), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(t, polar(ones(2, 12, 12), masks.Position.detach())), Is.LessThan(1e-6));
    }

    /// <summary>Levels of a phase mask are optical paths: four on a circle are quarters of the wavelength, whatever is printed.</summary>
    [Test]
    public void Levels_of_a_phase_mask_are_optical_paths() =>
        Assert.That(SmallExperiment.With("model.mask={ modulation: phase }").Levels![0].Heights.ToArray(), Is.EqualTo(new[] { 0, 0.1875e-3, 0.375e-3, 0.5625e-3 }).Within(1e-12));

    [Test]
    public void An_amplitude_mask_lets_through_between_nothing_and_all()
    {
        using var scope = NewDisposeScope();
        using var network = Build("model.mask={ modulation: amplitude }", Unquantized);
        var masks = network.Masks;
        using (no_grad())
            masks.Position.copy_(tensor(new[] { -0.5f, 0.25f, 1.5f }).repeat(96).view(2, 12, 12));
        masks.Confine();
        var t = masks.Surface().Transmissions;
        Assert.That(t.imag.abs().max().item<float>(), Is.Zero);
        Assert.That(t.real.flatten()[..3].data<float>().ToArray(), Is.EqualTo((float[])[0f, 0.25f, 1f]));
        Assert.That(masks.Heights().abs().max().item<double>(), Is.Zero);
    }

    [Test]
    public void A_complex_mask_has_phase_and_amplitude_each_for_itself()
    {
        using var scope = NewDisposeScope();
        using var network = Build("model.mask={ modulation: complex }", Unquantized);
        var masks = network.Masks;
        Assert.That(masks.Position.shape, Is.EqualTo(new long[] { 2, 2, 12, 12 }));
        Assert.That(masks.Surface().Transmissions.abs().sub(1).abs().max().item<float>(), Is.LessThan(1e-6), "transparent at first");
        using (no_grad())
            masks.Position.select(1, 1).fill_(0.3f);
        network.train();
        var t = masks.Surface().Transmissions;
        Assert.That(Tensors.RelativeError(t.detach(), polar(full([2, 12, 12], 0.3f), masks.Position.detach().select(1, 0))), Is.LessThan(1e-6));
        (t * Tensors.NormalField([12, 12], 2).to(ScalarType.ComplexFloat32)).real.sum().backward();
        Assert.That(masks.Position.grad!.select(1, 0).abs().max().item<float>(), Is.GreaterThan(0), "of the phases");
        Assert.That(masks.Position.grad!.select(1, 1).abs().max().item<float>(), Is.GreaterThan(0), "of the amplitudes");
    }

    [TestCase("amplitude")]
    [TestCase("complex")]
    public void Levels_of_absorption_are_refused_with_the_reason(string modulation)
    {
        var finding = SmallExperiment.With($"model.mask={{ modulation: {modulation} }}").Examine().Single(f => f.IsError);
        Assert.That((finding.Key, finding.Message), Is.EqualTo(("quantizer.levels", $"a level table lists heights, and says nothing of how much a pixel of a mask of modulation '{modulation}' absorbs; choose the modulation phase, or height with an extinction, which gives every height its own absorption; or leave the levels out")));
    }

    [Test]
    public void A_mask_of_heights_needs_a_material_and_the_others_have_none()
    {
        string Wrong(string mask) => Assert.Throws<ConfigurationException>(() => SmallExperiment.With($"model.mask={mask}"))!.Message;
        Assert.That(Wrong("{ oversampling: 1 }"), Does.Contain("the printed material has no index"));
        Assert.That(Wrong("{ modulation: phase, material_index: 1.5 }"), Does.Contain("a mask of modulation 'phase' has no material; leave material_index, dispersion and extinction out"));
        Assert.That(Wrong("{ modulation: phase, extinction: 0.1 }"), Does.Contain("has no material"));
    }

    [TestCase("amplitude")]
    [TestCase("complex")]
    [TestCase("phase")]
    public void A_model_file_gives_back_the_light(string modulation)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With($"model.mask={{ modulation: {modulation} }}", Unquantized);
        using var generator = new Generator(4);
        using var model = TrainedModel.Of(experiment, experiment.Model.Build(experiment.Optics, null, generator), experiment.Task.Build(experiment.Optics));
        var file = Path.Combine(Path.GetTempPath(), $"modulation-{Guid.NewGuid():N}.safetensors");
        try
        {
            model.Save(file);
            using var loaded = TrainedModel.Load(file, []);
            var input = Tensors.NormalField([1, 12, 12], 9).to(ScalarType.ComplexFloat32);
            Assert.That(Tensors.SameBits(view_as_real(loaded.Network.forward(input)), view_as_real(model.Network.forward(input))), Is.True);
            using var start = loaded.InFullPrecision(experiment);
            start.eval();
            Assert.That(Tensors.RelativeError(start.forward(input), model.Network.forward(input)), Is.LessThan(1e-5));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void A_frozen_layer_is_not_learnt([Values("none", "straight_through")] string quantizer)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With("model.frozen=[1]", $"quantizer.kind={quantizer}");
        using var training = new SmallTraining(experiment);
        var before = training.Network.Masks.Position.detach().clone();
        var after = before;
        training.Run(happened =>
        {
            // The best model, which is restored at the end, may be the one that training started from.
            if (happened is EpochDone)
                after = training.Network.Masks.Position.detach().clone().DetachFromDisposeScope();
        });
        Assert.That(Tensors.SameBits(after[0], before[0]), Is.True);
        Assert.That(Tensors.SameBits(after[1], before[1]), Is.False);
    }

    [TestCase("[3]", "there is no layer 3: the 2 layers are counted from 1 to 2")]
    [TestCase("[1, 2]", "every layer is frozen")]
    public void Wrong_frozen_layers_are_found(string frozen, string said)
    {
        var finding = SmallExperiment.With($"model.frozen={frozen}").Examine().Single(f => f.IsError);
        Assert.That((finding.Key, finding.Message), Is.EqualTo(("model.frozen", finding.Message)));
        Assert.That(finding.Message, Does.StartWith(said));
    }

    [Test]
    public void A_list_that_counts_from_0_is_told_what_it_would_be() =>
        Assert.That(SmallExperiment.Read("model.frozen=[0, 2]").Errors.Single().Message, Is.EqualTo(
            "[0, 2] has a layer 0, and layers are counted from 1; up to version 0.1.0 they were counted from 0, and what was meant by [0, 2] then is [1, 3] now"));

    private static OpticalModel Build(params string[] overrides)
    {
        var experiment = SmallExperiment.With(overrides);
        using var generator = new Generator(4);
        var network = experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
        network.eval();
        return network;
    }
}
