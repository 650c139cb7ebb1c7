using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models.Perturbations;

/// <summary>The effect of the errors of a mask on its transmission, against closed forms, in double precision.</summary>
public class MaskErrorsTests
{
    private const int N = 16;
    private const double Pitch = 0.5e-3;

    private static readonly Material Lossy = new(1.7227, 0.03, new Wave(new Length(0.75e-3)));

    [Test]
    public void A_shift_by_whole_pixels_rolls_the_mask_and_leaves_its_edge_dark()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors(layers: 2);
        errors.Shift(0, 2 * Pitch, 0);
        errors.Shift(1, 0, -Pitch);
        var t = Transmissions(Heights(2));
        var expected = t.clone();
        expected[0] = Tensors.Shift(t[0], 2, 1);
        expected[0].narrow(1, 0, 2).zero_();
        expected[1] = Tensors.Shift(t[1], -1, 0);
        expected[1].narrow(0, N - 1, 1).zero_();
        Assert.That(Tensors.WorstError(errors.Apply(t, null, Lossy), expected), Is.LessThan(1e-14));
    }

    /// <summary>A Gaussian has next to no spectrum beyond the sampling's, so that its shifted samples are known.</summary>
    [TestCase(0.5, -0.25)]
    [TestCase(-1.37, 0.81)]
    public void A_shift_by_parts_of_a_pixel_samples_the_shifted_function(double x, double y)
    {
        using var scope = NewDisposeScope();
        const int Wide = 32;
        using var errors = new MaskErrors(1, Wide, new MaskFrame(1), Pitch);
        errors.Shift(0, x * Pitch, y * Pitch);
        Assert.That(Tensors.WorstError(errors.Apply(Gaussian(0, 0), null, Lossy), Gaussian(x, y)), Is.LessThan(1e-6));

        static Tensor Gaussian(double x, double y)
        {
            var at = arange(Wide, dtype: ScalarType.Float64) - (Wide - 1) / 2.0;
            var r = (at - x).square() + (at - y).unsqueeze(-1).square();
            return complex((r * -0.15).exp(), (r * -0.12).exp() * 0.5).unsqueeze(0);
        }
    }

    [Test]
    public void Shifts_add_up()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        errors.Shift(0, 0.4 * Pitch, 0);
        errors.Shift(0, 0.6 * Pitch, 0);
        using var whole = Errors();
        whole.Shift(0, Pitch, 0);
        var t = Transmissions(Heights());
        Assert.That(Tensors.WorstError(errors.Apply(t, null, Lossy), whole.Apply(t, null, Lossy)), Is.LessThan(1e-12));
    }

    [Test]
    public void A_height_error_is_the_transmission_of_the_other_height()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        var (h, error) = (Heights(), Tensors.Normal([1, N, N], 5) * 5e-5);
        errors.AddHeights(error);
        Assert.That(Tensors.WorstError(errors.Apply(Transmissions(h), null, Lossy), Transmissions(h + error)), Is.LessThan(1e-12));
    }

    [Test]
    public void A_scale_error_stretches_the_heights()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        errors.ScaleHeights(0, 1.07);
        var h = Heights();
        Assert.That(Tensors.WorstError(errors.Apply(Transmissions(h), h, Lossy), Transmissions(h * 1.07)), Is.LessThan(1e-12));
    }

    [Test]
    public void In_other_light_a_mask_has_the_transmission_of_its_material_there()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        errors.Wavelength = 1.02;
        var h = Heights();
        var there = Lossy with { Wave = new Wave(new Length(1.02 * 0.75e-3)) };
        Assert.That(Tensors.WorstError(errors.Apply(Transmissions(h), h, Lossy), Transmissions(h, there)), Is.LessThan(1e-12));
    }

    [Test]
    public void Dead_pixels_have_their_height_and_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        var dead = Tensors.Normal([1, N, N], 6).gt(1);
        errors.Kill(dead, 1e-4);
        errors.AddHeights(ones(1, N, N, dtype: ScalarType.Float64) * 1e-5);
        var h = Heights().requires_grad_();
        var t = errors.Apply(Transmissions(h), h, Lossy);
        var expected = Transmissions(where(dead, full_like(h, 1e-4), h + 1e-5));
        Assert.That(Tensors.WorstError(t, expected), Is.LessThan(1e-12));
        t.real.sum().backward();
        Assert.That(h.grad!.ne(0).eq(dead.logical_not()).all().item<bool>(), Is.True);
    }

    /// <summary>A step of height a, blurred, is a/2·(1+erf(x/(σ√2))) with x from the step, half a pixel beside the samples.</summary>
    [Test]
    public void A_blurred_step_is_an_error_function()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        const double Sigma = 0.7;
        errors.Blur(0, Sigma * Pitch);
        var h = zeros(1, N, N, dtype: ScalarType.Float64);
        h.narrow(2, N / 2, N / 2).fill_(2e-4);
        var x = arange(N, dtype: ScalarType.Float64) - (N - 1) / 2.0;
        var profile = (x / (Sigma * Math.Sqrt(2))).erf().add(1).mul(1e-4);
        Assert.That(Tensors.WorstError(errors.Apply(Transmissions(h), h, Lossy), Transmissions(profile.expand(1, N, N))), Is.LessThan(1e-12));
    }

    [Test]
    public void A_blur_leaves_a_plate_alone_up_to_its_edges()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        errors.Blur(0, 1.5 * Pitch);
        var h = full([1, N, N], 3e-4, dtype: ScalarType.Float64);
        Assert.That(Tensors.WorstError(errors.Apply(Transmissions(h), h, Lossy), Transmissions(h)), Is.LessThan(1e-12));
    }

    [Test]
    public void A_wedge_bends_light_by_its_slope()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        errors.Slope(0, 1e-3, -2e-3);
        var at = (arange(N, dtype: ScalarType.Float64) - (N - 1) / 2.0) * Pitch;
        var wedge = (at * 1e-3 + at.unsqueeze(-1) * -2e-3).unsqueeze(0);
        var h = Heights();
        Assert.That(Tensors.WorstError(errors.Apply(Transmissions(h), null, Lossy), Transmissions(h + wedge)), Is.LessThan(1e-12));
    }

    /// <summary>Heights are learnt; with every error at once their gradient must still be that of the device.</summary>
    [Test]
    public void Gradients_are_those_of_the_device()
    {
        using var scope = NewDisposeScope();
        using var errors = Errors();
        errors.AddHeights(Tensors.Normal([1, N, N], 5) * 5e-5);
        errors.ScaleHeights(0, 1.05);
        errors.Slope(0, 1e-3, 5e-4);
        errors.Blur(0, 0.6 * Pitch);
        errors.Kill(Tensors.Normal([1, N, N], 6).gt(1.5), 1e-4);
        errors.Shift(0, 0.4 * Pitch, -0.7 * Pitch);
        errors.Wavelength = 0.99;
        var weight = Tensors.NormalField([1, N, N], 9);
        Tensors.AssertGradientMatchesDifferences(
            h =>
            {
                using var inner = NewDisposeScope();
                var metres = h * 1e-4;
                return (errors.Apply(Transmissions(metres), metres, Lossy) * weight).sum().abs().square().MoveToOuterDisposeScope();
            },
            Heights() * 1e4, step: 1e-4, tolerance: 1e-6);
    }

    /// <summary>Correlated errors have the variance that was asked for, and the correlation.</summary>
    [Test]
    public void Correlated_heights_are_correlated_as_asked()
    {
        using var scope = NewDisposeScope();
        var smooth = Resampling.Correlation(3, 48);
        var covariance = smooth.matmul(smooth.t());
        Assert.That(Tensors.WorstError(covariance.diagonal(), ones(48, dtype: ScalarType.Float64)), Is.LessThan(1e-12));
        for (var lag = 1; lag < 6; lag++)
            Assert.That(covariance[24, 24 + lag].item<double>(), Is.EqualTo(Math.Exp(-lag * lag / 9.0)).Within(1e-6));
    }

    private static MaskErrors Errors(int layers = 1) => new(layers, N, new MaskFrame(1), Pitch);

    private static Tensor Heights(int layers = 1)
    {
        using var generator = new Generator(3);
        return rand([layers, N, N], ScalarType.Float64, generator: generator) * 1e-3;
    }

    /// <summary>exp((i·p-a)·h), differentiable.</summary>
    private static Tensor Transmissions(Tensor heights, Material? material = null)
    {
        var m = material ?? Lossy;
        return complex((heights * m.PhasePerMetre).cos(), (heights * m.PhasePerMetre).sin()) * (heights * -m.AttenuationPerMetre).exp();
    }
}
