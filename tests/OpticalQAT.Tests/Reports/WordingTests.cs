using NUnit.Framework;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Reports;

/// <summary>Little never reads as nothing: two digits of a number count, wherever one is shown.</summary>
public sealed class WordingTests
{
    [TestCase(0.9614, "96.1 %")]
    [TestCase(1, "100.0 %")]
    [TestCase(0, "0.0 %")]
    [TestCase(0.0004, "0.040 %")]
    [TestCase(0.00996, "1.0 %")]
    [TestCase(0.00994, "0.99 %")]
    [TestCase(0.000999, "0.10 %")]
    [TestCase(-0.0004, "-0.040 %")]
    [TestCase(3e-12, "3.0e-10 %")]
    public void Percent(double fraction, string expected) => Assert.That(NumberText.Percent(fraction).Replace('\u00A0', ' '), Is.EqualTo(expected));

    [TestCase("efficiency", 0.0004, "0.040 %")]
    [TestCase("ssim", 0.0004, "0.00040")]
    [TestCase("ssim", 0.5, "0.500")]
    [TestCase("loss", 12.3456, "12.346")]
    [TestCase("accuracy", double.NaN, "not finite")]
    public void Metric(string metric, double value, string expected) => Assert.That(Wording.Metric(metric, value).Replace('\u00A0', ' '), Is.EqualTo(expected));

    [TestCase(0.9614, 4, "0.9614")]
    [TestCase(0.0123, 4, "0.0123")]
    [TestCase(0.00004, 4, "0.000040")]
    [TestCase(double.PositiveInfinity, 4, "∞")]
    public void Plain(double value, int decimals, string expected) =>
        Assert.That(NumberText.Plain(value, decimals), Is.EqualTo(expected).Or.EqualTo(double.IsInfinity(value) ? "Infinity" : expected));

    [Test]
    public void No_number_loses_all_but_its_last_digit()
    {
        for (var exponent = -30; exponent <= 3; exponent++)
        {
            foreach (var mantissa in (double[])[1, 1.04, 4.95, 9.94, 9.96, 9.999])
            {
                var value = mantissa * Math.Pow(10, exponent);
                var read = double.Parse(NumberText.Plain(value, 4), System.Globalization.CultureInfo.InvariantCulture);
                Assert.That(read, Is.EqualTo(value).Within(5.0001).Percent, $"{value:R} reads {NumberText.Plain(value, 4)}");
            }
        }
    }

    [Test]
    public void Faint_light_is_said_in_the_words_of_the_report()
    {
        Assert.That(FaintLight.Remark(new Dictionary<string, double>(StringComparer.Ordinal) { ["accuracy"] = 0.97, ["efficiency"] = 0.0004 })?.Replace('\u00A0', ' '), Is.EqualTo(
            "Only 0.040 % of the light that enters arrives where it is detected. Below 0.10 % stray light is brighter, such as that thrown back and forth between two uncoated faces. "
            + "A loss that asks for efficiency, shorter distances, or larger detector regions bring more."));
        Assert.That(FaintLight.Remark(new Dictionary<string, double>(StringComparer.Ordinal) { ["efficiency"] = 0 }), Is.EqualTo(
            "None of the light that enters arrives where it is detected, so the scores say nothing: is the object dark, or does the light miss the detector?"));
        Assert.That(FaintLight.Remark(new Dictionary<string, double>(StringComparer.Ordinal) { ["efficiency"] = 0.001 }), Is.Null);
        Assert.That(FaintLight.Remark(new Dictionary<string, double>(StringComparer.Ordinal) { ["accuracy"] = 0 }), Is.Null);
    }
}
