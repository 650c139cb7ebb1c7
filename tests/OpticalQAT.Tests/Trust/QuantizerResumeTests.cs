using NUnit.Framework;

namespace OpticalQAT.Tests.Trust;

/// <summary>A run's state holds what quantizers learn, keep and draw: interrupted in the quantized phase, it ends with the same bytes.</summary>
public sealed class QuantizerResumeTests
{
    [TestCase("{ kind: progressive_sigmoid, learnt: {} }")]
    [TestCase("{ kind: soft_tanh, learnt: {} }")]
    [TestCase("{ kind: gumbel_softmax }")]
    [TestCase("{ kind: incremental, order: random, inner: { kind: straight_through } }")]
    [TestCase("{ kind: incremental, share: { kind: linear, from: 0, to: 1 } }")]
    [TestCase("{ kind: learned_levels, minimum_spacing: 20 um, inner: { kind: progressive_sigmoid, learnt: {} } }")]
    [TestCase("{ kind: straight_through, switch_on: { kind: share } }")]
    [TestCase("{ kind: soft_tanh, switch_on: { kind: layer_by_layer } }")]
    public void A_run_through_a_quantizer_resumes_bit_for_bit(string quantizer)
    {
        var overriding = $"quantizer={quantizer.Insert(quantizer.Length - 1, ", levels: { kind: cyclic, count: 4 } ")}";
        using var undisturbed = new SmallRun(overriding);
        undisturbed.Sit();
        using var run = new SmallRun(overriding);
        run.SitUntil(12);
        run.SitUntil(3); // in the validation behind the phase's first epoch
        run.SitUntil(2);
        run.Sit();
        Assert.That(run.Model, Is.EqualTo(undisturbed.Model));
        Assert.That(run.Epochs, Is.EqualTo(undisturbed.Epochs));
    }
}
