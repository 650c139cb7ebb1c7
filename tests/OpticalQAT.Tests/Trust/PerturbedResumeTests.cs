using NUnit.Framework;

namespace OpticalQAT.Tests.Trust;

/// <summary>Fabrication errors are drawn for each step by itself: an interruption changes none of them.</summary>
public sealed class PerturbedResumeTests
{
    private const string Errors = "perturbation.errors=["
        + "{ kind: height_error, amount: 40 um, schedule: { kind: linear, from: 0, to: 1 } }, "
        + "{ kind: lateral_shift, amount: 0.4 mm }, { kind: axial_error, amount: 0.2 mm }]";

    [Test]
    public void A_perturbed_run_resumes_bit_for_bit()
    {
        using var undisturbed = new SmallRun(Errors);
        undisturbed.Sit();
        using var plain = new SmallRun();
        plain.Sit();
        using var run = new SmallRun(Errors);
        run.SitUntil(3);
        run.SitUntil(10);
        run.Sit();
        Assert.That(run.Model, Is.EqualTo(undisturbed.Model));
        Assert.That(run.Epochs, Is.EqualTo(undisturbed.Epochs));
        Assert.That(run.Epochs, Is.Not.EqualTo(plain.Epochs));
    }
}
