using System.Numerics;
using NUnit.Framework;
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
            + "Remedy: more padding, a shorter distance, or the kind band_limited_angular_spectrum, which drops that light."));

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
}
