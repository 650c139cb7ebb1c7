using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

/// <summary>Masks that start from the same positions: what is each one's own must not be another's.</summary>
public sealed class OwnOfEachMaskTests
{
    [TestCase("quantizer={ kind: gumbel_softmax, noise: { kind: constant, value: 1 }, levels: { kind: cyclic, count: 4 } }")]
    [TestCase("quantizer.switch_on={ kind: share, from: 0.5, until: 1 }")]
    [TestCase("quantizer={ kind: incremental, order: random, share: { kind: constant, value: 0.5 }, levels: { kind: cyclic, count: 4 } }")]
    public void Each_draws_for_itself(string quantizer)
    {
        using var scope = NewDisposeScope();
        using var network = Network(quantizer);
        network.train();
        network.Masks.Advance(0, seed: 7, phaseSeed: 8);
        var t = network.Masks.Surface().Transmissions;
        Assert.That((t[0] - t[1]).abs().gt(1e-3).to(ScalarType.Float32).mean().item<float>(), Is.GreaterThan(0.1));
    }

    [Test]
    public void Each_has_its_layers_table()
    {
        using var scope = NewDisposeScope();
        using var network = Network("quantizer.levels={ kind: per_layer, layers: [ { which: \"1\", levels: { kind: cyclic, count: 4 } }, { which: \"2\", levels: { kind: cyclic, count: 8 } } ] }");
        network.eval();
        var wave = network.Masks.Material.OneWave.Metres;
        for (var (layer, count) = (0, 4); layer < 2; layer++, count *= 2)
        {
            Assert.That(network.Masks.Tables![layer].Count, Is.EqualTo(count));
            Assert.That(Tensors.RelativeError(network.Masks.Heights()[layer], network.Masks.Levels()![layer].to(ScalarType.Float64) * (wave / count)), Is.LessThan(1e-12));
        }
    }

    [TestCase("opaque", 0)]
    [TestCase("transparent", 1)]
    public void Around_a_printed_area_it_is_as_the_key_says(string outside, double amplitude)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With("model.mask.size=6 mm", $"model.mask.outside={outside}");
        using var generator = new Generator(1);
        using var network = experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
        var t = network.Masks.Surface().Transmissions.select(-3, 0).abs();
        Assert.That(t[0].sub(amplitude).abs().max().item<float>(), Is.LessThan(1e-6));
        Assert.That(t[6, 6].item<float>(), Is.EqualTo(1).Within(1e-6), "and within the area light passes");
    }

    private static OpticalModel Network(string quantizer)
    {
        var experiment = SmallExperiment.With(quantizer);
        var position = SmallExperiment.Positions()[0];
        return experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, stack([position, position]));
    }
}
