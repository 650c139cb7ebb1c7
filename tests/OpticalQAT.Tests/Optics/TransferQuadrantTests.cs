using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>A quarter of a transfer function stands for all of it, in every form, and may change from step to step.</summary>
[TestFixture]
public sealed class TransferQuadrantTests
{
    private const double Distance = 24e-3;

    private static readonly Wave Light = new(new Length(0.75e-3), MediumIndex: 1.2);

    [TestCase(16, 2)]
    [TestCase(25, 1.8, Description = "an odd padded size")]
    [TestCase(100, 2)]
    public void The_angular_spectrum_is_its_formula_at_every_frequency(int size, double padding)
    {
        var grid = Grid(size, padding);
        var frequencies = grid.Frequencies();
        var plane = new AngularSpectrum().TransferFunction(Light, grid, Distance);
        var worst = 0.0;
        for (var i = 0; i < plane.Length; i++)
        {
            var (fx, fy) = (frequencies[i % frequencies.Length], frequencies[i / frequencies.Length]);
            worst = Math.Max(worst, Complex.Abs(plane[i] - Light.PlaneWaveFactor(fx * fx + fy * fy, Distance)));
        }
        Assert.That(plane, Has.Length.EqualTo(grid.PaddedSize * grid.PaddedSize));
        Assert.That(worst, Is.LessThan(1e-12));
    }

    /// <summary>Kept is what lies below (n/λ)/√((2z/(M·Δ))²+1) along both axes, with the medium's index.</summary>
    [TestCase(0.2)]
    [TestCase(-0.3)]
    public void The_band_limit_is_that_of_the_light_in_its_medium(double distance)
    {
        var grid = Grid(64, 2);
        var frequencies = grid.Frequencies();
        var limit = 1.2 / 0.75e-3 / Math.Sqrt(Math.Pow(2 * distance / (128 * 0.75e-3), 2) + 1);
        var plane = new BandLimitedAngularSpectrum().TransferFunction(Light, grid, distance);
        var kept = plane.Select(value => value != Complex.Zero);
        Assert.That(kept, Is.EqualTo(plane.Select((_, i) => Math.Max(Math.Abs(frequencies[i % 128]), Math.Abs(frequencies[i / 128])) <= limit)));
        Assert.That(limit, Is.LessThan(frequencies.Max()), "or nothing is cut off");
    }

    [TestCase(64, 2.0)]
    [TestCase(33, 2.0)]
    [TestCase(25, 1.8, Description = "an odd padded size, periodic")]
    [TestCase(20, 4.0, Description = "the kernel is moved to a smaller plane")]
    [TestCase(37, 3.0, Description = "a padded size with a large prime factor")]
    public void The_fast_paths_form_is_that_of_the_whole_plane(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var grid = Grid(size, padding);
        var quadrant = new AngularSpectrum().Quadrant(Light, grid, Distance);
        using var plane = quadrant.Plane(CPU, ScalarType.ComplexFloat64);
        foreach (var vectorBits in new[] { 128, 256, 512 })
        {
            var (ours, whole) = (TransferKernel.Create(quadrant, size, vectorBits), TransferKernel.Create(plane, size, vectorBits));
            Assert.That(ours.PaddedLength, Is.EqualTo(whole.PaddedLength));
            var largest = whole.Arranged.Span.ToArray().Max(Math.Abs);
            Assert.That(ours.Arranged.Span.ToArray().Zip(whole.Arranged.Span.ToArray(), (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-7 * largest));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_passage_under_other_conditions_is_that_of_another_propagator(bool isFast)
    {
        using var scope = NewDisposeScope();
        var grid = Grid(32, 2);
        var propagator = new Propagator(new BandLimitedAngularSpectrum(), Light, grid, isFast);
        var other = new Propagator(
            new BandLimitedAngularSpectrum(),
            Light with { Wavelength = new Length(0.75e-3 * 1.02) },
            grid with { PixelPitch = new Length(0.75e-3 * 0.99) },
            isFast);
        using var propagation = propagator.At(Distance * 1.03, pitchScale: 0.99, wavelengthScale: 1.02);
        var field = Tensors.NormalField([2, 32, 32], 1).to(ScalarType.ComplexFloat32);
        var (ours, theirs) = (propagator.Propagate(field, propagation), other.Propagate(field, Distance * 1.03));
        Assert.That(Tensors.RelativeError(ours, theirs), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(ours, propagator.Propagate(field, Distance)), Is.GreaterThan(0.01));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Passages_of_one_step_leave_nothing_behind(bool isFast)
    {
        var propagator = new Propagator(new AngularSpectrum(), Light, Grid(32, 2), isFast);
        using var field = Tensors.NormalField([2, 32, 32], 1).to(ScalarType.ComplexFloat32).requires_grad_();
        Step(0);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            Step(i);
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - live, Is.Zero);
        var kept = propagator.Over(Distance);
        Assert.That(propagator.Over(Distance), Is.SameAs(kept), "those of a model are kept");

        void Step(int step)
        {
            using var scope = NewDisposeScope();
            using var propagation = propagator.At(Distance + 1e-5 * step);
            Field.Intensity(propagator.Propagate(field, propagation)).sum().backward();
            field.grad!.zero_();
        }
    }

    private static Grid Grid(int size, double padding) =>
        new() { Size = size, PixelPitch = new Length(0.75e-3), Padding = padding };
}
