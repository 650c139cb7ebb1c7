using System.Text.RegularExpressions;
using NUnit.Framework;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Units;

public class FrequencyTests
{
    [TestCase("50 Hz", 50)]
    [TestCase("2 kHz", 2e3)]
    [TestCase("3 MHz", 3e6)]
    [TestCase("94 GHz", 94e9)]
    [TestCase("0.4 THz", 0.4e12)]
    [TestCase("0.5 PHz", 0.5e15)]
    [TestCase("1 EHz", 1e18)]
    public void Is_read_correctly_rounded(string text, double hertz)
    {
        Assert.That(Frequency.Parse(text, null), Is.EqualTo(new Frequency(hertz)));
        Assert.That(Frequency.TryParse(text, null, out var tried), Is.True);
        Assert.That((tried.Hertz, tried.SI), Is.EqualTo((hertz, hertz)));
        Assert.That(Regex.IsMatch(text, Frequency.Pattern), Is.True);
    }

    [TestCase("0.4", "a frequency needs its unit, for example '0.4 THz'")]
    [TestCase("0.75 mm", "'mm' is not a unit of a frequency; the units are Hz, kHz, MHz, GHz, THz, PHz, EHz")]
    public void Refuses_what_is_none(string text, string message)
    {
        Assert.That(() => Frequency.Parse(text, null), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));
        Assert.That(Frequency.TryParse(text, null, out _), Is.False);
        Assert.That(Regex.IsMatch(text, Frequency.Pattern), Is.False);
    }

    [TestCase(0.4e12, "0.4 THz")]
    [TestCase(94e9, "0.094 THz")]
    [TestCase(double.NaN, "NaN THz")]
    public void Is_written_in_terahertz(double hertz, string text) => Assert.That(new Frequency(hertz).ToString(), Is.EqualTo(text));

    [Test]
    public void Times_its_wavelength_it_is_the_speed_of_light() =>
        Assert.That(new Frequency(0.4e12).Wavelength.Metres, Is.EqualTo(0.749481145e-3).Within(1e-15));
}
