using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>Light whose propagation is known in closed form. Lengths are in wavelengths: λ is 1 µm, and one name for it keeps the formulas short.</summary>
public class ClosedFormTests
{
    private const double Wavelength = 1e-6;

    private static readonly Wave Light = new(new Length(Wavelength));

    private static IEnumerable<PropagatorKind> Kinds => Support.Kinds.Of<PropagatorKind>();

    [TestCase(12.25)]
    [TestCase(-7.5)]
    [TestCase(123_456.789)]
    public void A_plane_wave_gains_the_phase_kz(double waves)
    {
        using var scope = NewDisposeScope();
        var water = new Wave(new Length(Wavelength), 1.33);
        var propagator = new Propagator(new AngularSpectrum(), water, GridOf(8, pitch: 1, padding: 1));
        var field = propagator.Propagate(Field.PlaneWave(propagator.Grid), waves * Wavelength);
        var expected = Complex.FromPolarCoordinates(1, 2 * Math.PI * Math.IEEERemainder(1.33 * waves, 1));
        Assert.That((Tensors.Values(field)[27] - expected).Magnitude, Is.LessThan(1e-9));
    }

    /// <summary>Width w(z) = w₀·sqrt(1+(z/z_R)²), of which the intensity's second moment is w²/4; on the axis the phase lags kz by atan(z/z_R).</summary>
    [Test]
    public void A_Gaussian_beam_spreads_and_lags([ValueSource(nameof(Kinds))] PropagatorKind kind, [Values(0.25, 0.5, 1.0, -1.0)] double rayleighRanges)
    {
        using var scope = NewDisposeScope();
        const double Waist = 10;
        const double RayleighRange = Math.PI * Waist * Waist;
        var propagator = new Propagator(kind, Light, GridOf(101, pitch: 1));
        var z = rayleighRanges * RayleighRange;
        var field = propagator.Propagate(Field.GaussianBeam(propagator.Grid, new Length(Waist * Wavelength)), z * Wavelength);

        var intensity = Field.Intensity(field);
        using var x = tensor(propagator.Grid.Coordinates()) / Wavelength;
        var moment = (intensity.sum(dim: 0L) * x * x).sum().item<double>() / intensity.sum().item<double>();
        Assert.That(2 * Math.Sqrt(moment), Is.EqualTo(Waist * Math.Sqrt(1 + rayleighRanges * rayleighRanges)).Within(0.5).Percent);

        var onAxis = Tensors.Values(field)[50 * 101 + 50] * Complex.FromPolarCoordinates(1, -2 * Math.PI * z);
        Assert.That(onAxis.Phase, Is.EqualTo(-Math.Atan(rayleighRanges)).Within(2e-3));
    }

    /// <summary>The Rayleigh-Sommerfeld integral on the axis: u = exp(ikz) - z/s·exp(iks) with s = sqrt(z²+a²); near it, s = z+a²/2z, and z/s = 1.</summary>
    [Test]
    public void On_the_axis_behind_a_circular_aperture([ValueSource(nameof(Kinds))] PropagatorKind kind, [Values(100, 133, 200, 400)] double z)
    {
        using var scope = NewDisposeScope();
        const double Radius = 20;
        var propagator = new Propagator(kind, Light, GridOf(129, pitch: 0.5, padding: 4));
        var field = propagator.Propagate(Field.CircularAperture(propagator.Grid, new Length(Radius * Wavelength)), z * Wavelength);
        var slant = kind.IsParaxial ? z + Radius * Radius / (2 * z) : Math.Sqrt(z * z + Radius * Radius);
        var expected = Complex.FromPolarCoordinates(1, 2 * Math.PI * z) - (kind.IsParaxial ? 1 : z / slant) * Complex.FromPolarCoordinates(1, 2 * Math.PI * slant);
        var intensity = Tensors.Values(field)[64 * 129 + 64].Magnitude;
        Assert.That(intensity * intensity, Is.EqualTo(expected.Magnitude * expected.Magnitude).Within(0.12));
    }

    /// <summary>
    /// A grating 1+cos(2πx/p) has three orders; where the outer two have lost a whole wave against the middle one,
    /// z = 1/(1/λ-sqrt(1/λ²-1/p²)), near the axis 2p²/λ, it forms its own image, and half-way there one that is shifted by
    /// half a period. The grating has no end: only where plane waves are kept.
    /// </summary>
    [Test]
    public void A_grating_images_itself([ValueSource(nameof(Kinds))] PropagatorKind kind, [Values(1.0, 0.5)] double share)
    {
        using var scope = NewDisposeScope();
        const int Period = 8;
        var sign = share == 1 ? 1 : -1;
        var z = share * Wavelength * (kind.IsParaxial ? 2 * Period * Period : 1 / (1 - Math.Sqrt(1 - 1.0 / (Period * Period))));
        var grid = GridOf(64, pitch: 1, padding: 1);
        using var phase = tensor(grid.Coordinates()) * (2 * Math.PI / (Period * Wavelength));
        var modulation = phase.cos().expand(64, 64);
        var field = new Propagator(kind, Light, grid).Propagate((1 + modulation).to(ScalarType.ComplexFloat64), z);
        var error = (Field.Intensity(field) - (1 + sign * modulation).square()).abs().max().item<double>();
        Assert.That(error, kind.Choose(Light, grid, z).Kind.KeepsPlaneWaves ? Is.LessThan(1e-9) : Is.GreaterThan(0.1));
    }

    /// <summary>Two pinholes d apart: dark where the ways differ by half a wave, bright again where they differ by a whole one.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Two_pinholes_make_Youngs_fringes(PropagatorKind kind)
    {
        using var scope = NewDisposeScope();
        const double Half = 10;
        const double Distance = 400;
        var grid = GridOf(193, pitch: 0.5);
        var pinhole = Field.GaussianBeam(grid, new Length(2 * Wavelength));
        var row = Row(new Propagator(kind, Light, grid).Propagate(Tensors.Shift(pinhole, 20, 1) + Tensors.Shift(pinhole, -20, 1), Distance * Wavelength));
        var x = grid.Coordinates().Select(metres => metres / Wavelength).ToArray();
        double WaysDiffer(double at) => kind.IsParaxial ? 2 * at * Half / Distance : Math.Sqrt(Distance * Distance + (at + Half) * (at + Half)) - Math.Sqrt(Distance * Distance + (at - Half) * (at - Half));

        var dark = Enumerable.Range(96, 40).MinBy(i => row[i]);
        Assert.That(WaysDiffer(x[dark]), Is.EqualTo(0.5).Within(0.03));
        Assert.That(row[dark] / row[96], Is.LessThan(0.01));
        var bright = Enumerable.Range(dark, 40).MaxBy(i => row[i]);
        Assert.That(WaysDiffer(x[bright]), Is.EqualTo(1).Within(0.1));
    }

    /// <summary>The first dark ring in the far field of a circular aperture: sin θ = 0.6098·λ/a, the first zero of J₁.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void A_circular_aperture_makes_the_Airy_disc(PropagatorKind kind)
    {
        using var scope = NewDisposeScope();
        const double Radius = 10;
        const double Distance = 2000;
        var grid = GridOf(301, pitch: 1);
        if (kind.SamplingWarning(Light, grid, new Length(Distance * Wavelength)) is { } warning)
        {
            Assert.That(warning, Does.Contain("its kernel aliases above"), "this far away, only those that alias warn");
            return;
        }
        var field = new Propagator(kind, Light, grid)
            .Propagate(Field.CircularAperture(grid, new Length(Radius * Wavelength)), Distance * Wavelength);
        var row = Row(field);
        var dark = Enumerable.Range(150, 145).MinBy(i => row[i]) - 150;
        Assert.That(dark, Is.EqualTo(Distance * Math.Tan(Math.Asin(0.6098 / Radius))).Within(2));
        Assert.That(row[150 + dark] / row[150], Is.LessThan(2e-3));
    }

    /// <summary>H(-z) gives back what H(z) takes: on propagating waves, and there alone.</summary>
    [TestCase(0.4)]
    [TestCase(1.0)]
    public void The_way_back_undoes_the_way_there_on_propagating_waves(double pitch)
    {
        var grid = GridOf(15, pitch, padding: 1.5);
        var (there, back) = (Air(grid).TransferFunction(40 * Wavelength), Air(grid).TransferFunction(-40 * Wavelength));
        var f = grid.Frequencies();
        for (var i = 0; i < there.Length; i++)
        {
            var (fx, fy) = (f[i % f.Length], f[i / f.Length]);
            var travels = fx * fx + fy * fy <= Light.Cutoff * Light.Cutoff;
            Assert.That((there[i] * back[i] - (travels ? 1 : 0)).Magnitude, Is.LessThan(1e-12));
        }
    }

    private static Grid GridOf(int size, double pitch, double padding = 2) =>
        new() { Size = size, PixelPitch = new Length(pitch * Wavelength), Padding = padding };

    private static Propagator Air(Grid grid) => new(new AngularSpectrum(), Light, grid);

    private static double[] Row(Tensor field) => Field.Intensity(field)[(int)(field.shape[0] / 2)].data<double>().ToArray();
}
