using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Optics;

/// <summary>
/// At a pitch of one wavelength the grid carries up to half a cycle per pixel, and the kernel is sampled up to there
/// as long as 2z/W ≤ √3, with W the padded width.
/// </summary>
public class SamplingWarningTests
{
    private static readonly Wave Light = new(new Length(0.75e-3));
    private static readonly Grid Grid = new() { Size = 64, PixelPitch = new Length(0.75e-3) };
    private static readonly double Limit = Grid.PaddedWidth.Metres * Math.Sqrt(3) / 2;

    [TestCase(0)]
    [TestCase(0.999)]
    [TestCase(-0.999)]
    public void Nothing_is_said_where_the_kernel_is_sampled(double share) =>
        Assert.That(new AngularSpectrum().SamplingWarning(Light, Grid, new Length(share * Limit)), Is.Null);

    [TestCase(1.001)]
    [TestCase(-1.001)]
    public void A_warning_stands_where_it_is_not(double share) =>
        Assert.That(new AngularSpectrum().SamplingWarning(Light, Grid, new Length(share * Limit)), Is.Not.Null);

    [Test]
    public void It_has_the_numbers_and_the_remedy() =>
        Assert.That(new AngularSpectrum().SamplingWarning(Light, Grid, new Length(0.12)), Is.EqualTo(
            "angular_spectrum over 120 mm: its kernel aliases above 0.371 cycles per pixel (the grid carries up to 0.5), "
            + "so that light at steep angles re-enters from the other edge. "
            + "Remedy: more padding, a shorter distance, the kind auto, which carries it, or the kind band_limited_angular_spectrum, which drops that light."));

    /// <summary>Below the frequency that the warning names the phase of H turns by less than π from sample to sample, above it by more.</summary>
    [Test]
    public void The_frequency_it_names_is_where_the_phase_turns_by_pi()
    {
        var step = 1 / Grid.PaddedWidth.Metres;
        double Turn(double cyclesPerPixel)
        {
            var f = cyclesPerPixel / Grid.PixelPitch.Metres;
            double Phase(double at) => 2 * Math.PI * 0.12 * Math.Sqrt(Light.Cutoff * Light.Cutoff - at * at);
            return Math.Abs(Phase(f + step / 2) - Phase(f - step / 2));
        }

        Assert.That(Turn(0.370), Is.LessThan(Math.PI));
        Assert.That(Turn(0.372), Is.GreaterThan(Math.PI));
    }

    [TestCase(0.95, false)]
    [TestCase(1.05, true)]
    public void The_band_limited_kernel_warns_where_little_passes(double share, bool warns)
    {
        // 0.05 cycles per pixel are left where 2z/W = sqrt(20²-1)
        var distance = share * Grid.PaddedWidth.Metres * Math.Sqrt(399) / 2;
        Assert.That(new BandLimitedAngularSpectrum().SamplingWarning(Light, Grid, new Length(distance)), warns ? Is.Not.Null : Is.Null);
    }

    [Test]
    public void The_band_limited_kernel_says_what_passes() =>
        Assert.That(new BandLimitedAngularSpectrum().SamplingWarning(Light, Grid, new Length(3)), Is.EqualTo(
            "band_limited_angular_spectrum over 3 m: only frequencies up to 0.016 cycles per pixel pass, "
            + "little of what a mask pixel diffracts. Remedy: more padding or a shorter distance."));

    [Test]
    public void The_band_limited_kernel_drops_what_cannot_be_sampled_and_nothing_else()
    {
        const double Distance = 0.12;
        var limit = Light.Cutoff / Math.Sqrt(Math.Pow(2 * Distance / Grid.PaddedWidth.Metres, 2) + 1);
        var f = Grid.Frequencies();
        var full = new AngularSpectrum().TransferFunction(Light, Grid, Distance);
        var limited = new BandLimitedAngularSpectrum().TransferFunction(Light, Grid, Distance);
        var expected = full.Select((h, i) => Math.Abs(f[i % f.Length]) <= limit && Math.Abs(f[i / f.Length]) <= limit ? h : Complex.Zero);
        Assert.That(limited, Is.EqualTo(expected));
        Assert.That(limited, Is.Not.EqualTo(full));
    }

    /// <summary>The phase of the kernel turns by k·Δ·x/sqrt(x²+z²) between two samples; at a pitch of one wavelength by π where z = √3·x.</summary>
    [TestCase(0.999, true)]
    [TestCase(1.001, false)]
    [TestCase(-1.001, false)]
    public void Rayleigh_Sommerfeld_warns_where_the_phase_of_its_kernel_turns_by_more_than_pi(double share, bool warns)
    {
        var z = share * Math.Sqrt(3) * 63 * Grid.PixelPitch.Metres;
        Assert.That(new RayleighSommerfeld().SamplingWarning(Light, Grid, new Length(z)), warns ? Is.Not.Null : Is.Null);
    }

    [Test]
    public void Rayleigh_Sommerfeld_says_how_far_it_reaches() =>
        Assert.That(new RayleighSommerfeld().SamplingWarning(Light, Grid, new Length(0.024)), Is.EqualTo(
            "rayleigh_sommerfeld over 24 mm: its kernel aliases further than 18.5 samples to the side (the plane has 64), where it makes light that is not there. "
            + "Remedy: a finer pitch, at least 82.2 mm of distance, or the kind angular_spectrum, which is sampled at short distances."));

    [Test]
    public void At_half_a_wavelength_Rayleigh_Sommerfeld_is_sampled_everywhere_but_within_a_sample()
    {
        var fine = Grid with { PixelPitch = new Length(0.375e-3) };
        Assert.That(new RayleighSommerfeld().SamplingWarning(Light, fine, new Length(0.376e-3)), Is.Null);
        Assert.That(new RayleighSommerfeld().SamplingWarning(Light, fine, new Length(10)), Is.Null);
        Assert.That(new RayleighSommerfeld().SamplingWarning(Light, fine, new Length(0.374e-3)), Does.StartWith("rayleigh_sommerfeld over 0.374 mm: that is less than the distance between two samples, 0.375 mm"));
    }

    [Test]
    public void Fresnel_says_where_its_phase_is_wrong_and_where_it_aliases()
    {
        Assert.That(new Fresnel().SamplingWarning(Light, Grid, new Length(0.024)), Is.EqualTo(
            "fresnel over 24 mm: above 0.435 cycles per pixel waves are too steep for it, and their phase is off by more than 1 rad (the grid carries up to 0.5). "
            + "Remedy: the kind auto, which makes no such approximation; or light without those frequencies."));
        Assert.That(new Fresnel().SamplingWarning(Light, Grid, new Length(0.192)), Does.Contain("its kernel aliases above 0.25 cycles per pixel"));
        var coarse = Grid with { PixelPitch = new Length(7.5e-3) };
        Assert.That(new Fresnel().SamplingWarning(Light, coarse, new Length(0.5)), Is.Null, "at ten wavelengths a sample all light stays near the axis");
    }

    /// <summary>At the frequency that the warning names, Fresnel's phase is off by a radian against that of the angular spectrum.</summary>
    [Test]
    public void The_frequency_that_Fresnel_names_is_where_it_is_off_by_a_radian()
    {
        double Off(double cyclesPerPixel)
        {
            var f = cyclesPerPixel / Grid.PixelPitch.Metres;
            var (c, z) = (Light.Cutoff, 0.024);
            return Math.Abs(2 * Math.PI * z * (Math.Sqrt(c * c - f * f) - c + f * f / (2 * c)));
        }

        Assert.That(Off(0.434), Is.LessThan(1));
        Assert.That(Off(0.436), Is.GreaterThan(1));
    }

    [TestCase(24e-3, "angular_spectrum")]
    [TestCase(0.0831, "angular_spectrum")]
    [TestCase(0.0832, "rayleigh_sommerfeld")]
    [TestCase(5, "rayleigh_sommerfeld")]
    public void Auto_picks_what_is_sampled(double distance, string kind)
    {
        var choice = new AutomaticPropagator().Choose(Light, Grid, distance);
        Assert.That(KindNames.Of(choice.Kind), Is.EqualTo(kind));
        Assert.That(choice.Reason, Is.Not.Null);
    }

    [Test]
    public void Auto_says_why()
    {
        var setting = new OpticalSetting { Wavelength = Light.Wavelength, Grid = Grid, Propagator = new AutomaticPropagator() };
        Assert.That(setting.Chosen(new Length(0.12)), Is.EqualTo((string[])[
            "Propagation over 120 mm by rayleigh_sommerfeld: the angular spectrum would alias above 0.371 cycles per pixel, and this kernel is sampled over the whole plane."]));
        var periodic = setting with { Grid = Grid with { Padding = 1 } };
        Assert.That(periodic.Chosen(new Length(0.12)).Single(), Does.StartWith("Propagation over 120 mm by band_limited_angular_spectrum: ").And.EndsWith("padded to less than 127 samples is left periodic."));
        Assert.That((setting with { Propagator = new AngularSpectrum() }).Chosen(new Length(0.12)), Is.Empty);
    }

    /// <summary>With padding 2 the angular spectrum is sampled up to where Rayleigh-Sommerfeld begins to be: auto has nothing to warn of.</summary>
    [Test]
    public void With_padding_two_auto_loses_nothing_at_any_distance([Values(0.3, 0.5, 1.0, 1.7, 5.0)] double wavelengthsPerPixel)
    {
        var grid = Grid with { PixelPitch = new Length(wavelengthsPerPixel * Light.Wavelength.Metres) };
        for (var z = 1.01 * grid.PixelPitch.Metres; z < 1e6 * grid.PixelPitch.Metres; z *= 1.1)
            Assert.That(new AutomaticPropagator().SamplingWarning(Light, grid, new Length(z)), Is.Null, $"over {z} m");
    }
}
