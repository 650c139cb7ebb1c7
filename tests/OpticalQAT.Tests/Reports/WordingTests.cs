using NUnit.Framework;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
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

    [TestCase(MetricUnit.Fraction, 0.0004, "0.040 %")]
    [TestCase(MetricUnit.Number, 0.0004, "0.00040")]
    [TestCase(MetricUnit.Number, 0.5, "0.500")]
    [TestCase(MetricUnit.Number, 12.3456, "12.346")]
    [TestCase(MetricUnit.Decibels, 23.456, "23.5 dB")]
    [TestCase(MetricUnit.Radians, 0.5, "0.500")]
    [TestCase(MetricUnit.Fraction, double.NaN, "not finite")]
    public void Values(MetricUnit unit, double value, string expected) => Assert.That(Wording.Value(Of("any", unit), value).Replace('\u00A0', ' '), Is.EqualTo(expected));

    [TestCase(MetricUnit.Fraction, 0.012, "1.2 points")]
    [TestCase(MetricUnit.Number, 0.012, "0.012")]
    [TestCase(MetricUnit.Decibels, 1.23, "1.2 dB")]
    [TestCase(MetricUnit.Radians, 0.012, "0.012 rad")]
    public void Differences(MetricUnit unit, double value, string expected) => Assert.That(Wording.Difference(Of("any", unit), value).Replace('\u00A0', ' '), Is.EqualTo(expected));

    [Test]
    public void Names()
    {
        Assert.That((Wording.NameOf(ClassificationTask.HybridAccuracy), Wording.InSentence(ClassificationTask.HybridAccuracy)), Is.EqualTo(("Hybrid accuracy", "hybrid accuracy")));
        Assert.That((Wording.NameOf(PhaseImagingTask.BareSsim), Wording.InSentence(PhaseImagingTask.Ssim)), Is.EqualTo(("SSIM, K = 1e-6", "SSIM")));
        Assert.That((Wording.NameOf(PhaseImagingTask.PhaseError), Wording.InSentence(PhaseImagingTask.PhaseError)), Is.EqualTo(("Phase error, rad", "phase error")));
        Assert.That(Wording.Spelled("height_error"), Is.EqualTo("Height error"));
    }

    private static Metric Of(string name, MetricUnit unit) => new(name, unit, HigherIsBetter: true);

    [TestCase(0.9614, 4, "0.9614")]
    [TestCase(0.0123, 4, "0.0123")]
    [TestCase(0.00004, 4, "0.000040")]
    [TestCase(1.2e-7, 4, "0.00000012")]
    [TestCase(1.2e-8, 4, "1.2e-8")]
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
