using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Optics;

public class MaterialTests
{
    private const double Wavelength = 0.75e-3;

    [TestCase(1.7227, 1.0)]
    [TestCase(1.0, 1.33)]
    public void One_wave_is_the_wavelength_over_the_difference_of_the_indices(double index, double medium)
    {
        var material = Of(index, 0, medium);
        Assert.That(material.OneWave.Metres, Is.EqualTo(Wavelength / Math.Abs(index - medium)).Within(1e-12).Percent);
        Assert.That((material.Transmission(material.OneWave.Metres) - 1).Magnitude, Is.LessThan(1e-12));
        Assert.That((material.Transmission(material.OneWave.Metres / 2) + 1).Magnitude, Is.LessThan(1e-12));
    }

    /// <summary>t = exp(i·2π(n_m-n)h/λ)·exp(-2πκh/λ)</summary>
    [TestCase(1.7227, 0.0311, 1.0)]
    [TestCase(1.2, 0.01, 1.33)]
    public void The_transmission_of_a_height(double index, double extinction, double medium)
    {
        const double Height = 0.4e-3;
        var expected = Complex.Exp(new Complex(-extinction, index - medium) * (2 * Math.PI * Height / Wavelength));
        Assert.That((Of(index, extinction, medium).Transmission(Height) - expected).Magnitude, Is.LessThan(1e-13));
    }

    [Test]
    public void A_relief_of_no_height_lets_everything_through() =>
        Assert.That(Of(1.7, 0.05, 1).Transmission(0), Is.EqualTo(Complex.One));

    private static Material Of(double index, double extinction, double medium) => new(index, extinction, new Wave(new Length(Wavelength), medium));
}
