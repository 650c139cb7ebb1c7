using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

public class SwitchOnTests
{
    [TestCase(0, new[] { 0.25, 0.25 })]
    [TestCase(0.25, new[] { 0.625, 0.625 })]
    [TestCase(0.5, new double[] { 1, 1 })]
    [TestCase(1, new double[] { 1, 1 })]
    public void A_share_grows(double progress, double[] shares) =>
        Assert.That(Enumerable.Range(0, 2).Select(layer => new GrowingShare().Share(layer, 2, progress)), Is.EqualTo(shares));

    [TestCase(0, new double[] { 1, 0, 0 })]
    [TestCase(0.25, new double[] { 1, 1, 0 })]
    [TestCase(0.5, new double[] { 1, 1, 1 })]
    public void Layers_come_one_after_the_other(double progress, double[] shares)
    {
        Assert.That(Enumerable.Range(0, 3).Select(layer => new LayerByLayer().Share(layer, 3, progress)), Is.EqualTo(shares));
        Assert.That(Enumerable.Range(0, 3).Select(layer => new LayerByLayer { First = FirstLayer.Output }.Share(layer, 3, progress)), Is.EqualTo(shares.Reverse()));
        Assert.That(new LayerByLayer().Share(0, 1, progress), Is.EqualTo(1));
    }

    /// <summary>Pixels that the quantizer is not on for are free heights of full modulus; the others are levels; and the first stay on.</summary>
    [Test]
    public void Free_pixels_are_free_and_the_others_levels()
    {
        using var scope = NewDisposeScope();
        using var network = Quantized("{ kind: share, from: 0, until: 1 }");
        var levels = Printed(network)[0];
        var before = zeros(levels.shape, ScalarType.Bool);
        foreach (var progress in new[] { 0, 0.3, 0.8, 1 })
        {
            network.Masks.Advance(progress, seed: (long)(progress * 10), phaseSeed: 4);
            var t = Transmissions(network)[0];
            var isLevel = (t - levels).abs().lt(1e-6);
            Assert.That(isLevel.to(ScalarType.Float32).mean().item<float>(), Is.EqualTo(progress).Within(0.1));
            Assert.That(before.logical_and(isLevel.logical_not()).any().item<bool>(), Is.False);
            Assert.That((t.abs() - 1).abs().max().item<float>(), Is.LessThan(1e-5));
            before = isLevel;
        }
    }

    [Test]
    public void Layer_by_layer_the_later_ones_are_still_free()
    {
        using var scope = NewDisposeScope();
        using var network = Quantized("{ kind: layer_by_layer }");
        network.Masks.Advance(0);
        var printed = Printed(network);
        Assert.That(Tensors.SameBits(Transmissions(network)[0], printed[0]), Is.True);
        Assert.That((Transmissions(network)[1] - printed[1]).abs().mean().item<float>(), Is.GreaterThan(0.1));
        network.Masks.Advance(0.5);
        Assert.That(Tensors.SameBits(Transmissions(network)[1], printed[1]), Is.True);
    }

    [Test]
    public void A_large_jump_is_told_with_what_helps()
    {
        Assert.That(new SwitchedOn(0.5, null, 0.7).ToString(), Is.EqualTo("The quantizer came on: the validation loss was 0.5000 in full precision and is 0.7000 at the printed levels."));
        var large = new SwitchedOn(0.1, 0.35, 0.9);
        Assert.That(large.Jump, Is.EqualTo(3.5).Within(1e-12));
        Assert.That(large.ToString(), Does.Contain("0.3500 as training sees it").And.Contain("3.5 times as large").And.Contain("switch_on"));
    }

    private static Tensor Transmissions(OpticalModel network) => network.Masks.Surface().Transmissions;

    private static Tensor Printed(OpticalModel network)
    {
        network.eval();
        var printed = Transmissions(network);
        network.train();
        return printed;
    }

    private static OpticalModel Quantized(string switchOn)
    {
        var experiment = SmallExperiment.With($"quantizer.switch_on={switchOn}");
        return experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, SmallExperiment.Positions());
    }
}
