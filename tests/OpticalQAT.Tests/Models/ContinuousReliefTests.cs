using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

public class ContinuousReliefTests
{
    private static readonly Wave Light = new(new Length(0.75e-3));

    [TestCase(1.7227)]
    [TestCase(1.0)]
    public void A_position_is_a_delay_in_radians(double index)
    {
        using var scope = NewDisposeScope();
        var medium = new Wave(new Length(0.75e-3), 1.33);
        var relief = new ContinuousRelief(new Material(index, 0, medium), bounds: null);
        var delay = tensor([0.4f, 3, -1]);
        var sign = index > 1.33 ? 1 : -1;
        var t = relief.Transmission(delay);
        Assert.That((t - polar(ones(3), delay * sign)).abs().max().item<float>(), Is.LessThan(1e-6));
    }

    [Test]
    public void Heights_wrap_at_one_wave()
    {
        using var scope = NewDisposeScope();
        var material = new Material(1.7227, 0, Light);
        var relief = new ContinuousRelief(material, bounds: null);
        var position = tensor([-0.5f, 1, 7]);
        var wave = material.OneWave.Metres;
        double[] expected = [(2 * Math.PI - 0.5) / (2 * Math.PI) * wave, wave / (2 * Math.PI), (7 - 2 * Math.PI) / (2 * Math.PI) * wave];
        Assert.That(relief.PrintedHeights(position).data<double>().ToArray(), Is.EqualTo(expected).Within(1e-9));
        var before = position.clone();
        relief.Confine(position);
        Assert.That(Tensors.SameBits(before, position), Is.True, "the circle has no ends to confine to");
    }

    [Test]
    public void Heights_stay_between_the_ends_of_a_table_that_does_not_close()
    {
        using var scope = NewDisposeScope();
        var relief = new ContinuousRelief(new Material(1.7227, 0, Light), new LevelTable([0.1e-3, 0.4e-3, 0.9e-3]));
        var heights = relief.PrintedHeights(tensor([-5f, 3, 50])).data<double>().ToArray();
        Assert.That(heights[0], Is.EqualTo(0.1e-3).Within(1e-12));
        Assert.That(heights[1], Is.EqualTo(3 * relief.MetresPerRadian).Within(1e-12));
        Assert.That(heights[2], Is.EqualTo(0.9e-3).Within(1e-12));
        var strayed = tensor([-5f, 50]);
        relief.Confine(strayed);
        Assert.That((strayed * relief.MetresPerRadian).data<float>().ToArray(), Is.EqualTo((double[])[0.1e-3, 0.9e-3]).Within(1e-9));
    }

    [Test]
    public void A_lossy_material_takes_light_and_gives_none()
    {
        using var scope = NewDisposeScope();
        var material = new Material(1.7227, 0.05, Light);
        var relief = new ContinuousRelief(material, bounds: null);
        var position = linspace(-10, 10, 401);
        var amplitude = relief.Transmission(position).abs();
        Assert.That(amplitude.max().item<float>(), Is.LessThanOrEqualTo(1 + 1e-6));
        var expected = (relief.PrintedHeights(position) * -material.AttenuationPerMetre).exp();
        Assert.That((amplitude - expected).abs().max().item<double>(), Is.LessThan(1e-5));
    }

    [Test]
    public void Gradients_match_finite_differences([Values(0, 0.05)] double extinction)
    {
        using var scope = NewDisposeScope();
        var relief = new ContinuousRelief(new Material(1.7227, extinction, Light), bounds: null);
        var weight = Tensors.NormalField([5], 3);
        Tensors.AssertGradientMatchesDifferences(
            x => (weight * relief.Transmission(x)).real.sum(), tensor([0.3, 1.1, 2.5, 4, 6.0]), step: 1e-4, tolerance: 1e-7);
    }
}
