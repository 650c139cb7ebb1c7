using NUnit.Framework;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Units;

public class LengthTests
{
    // Each must be the double that the literal is: one rounding, not two.
    [TestCase("632.8 nm", 632.8e-9)]
    [TestCase("1.2um", 1.2e-6)]
    [TestCase("1.2 \u00b5m", 1.2e-6)]
    [TestCase("1.2 \u03bcm", 1.2e-6)]
    [TestCase("0.75 mm", 0.00075)]
    [TestCase("24 mm", 0.024)]
    [TestCase("30 cm", 0.3)]
    [TestCase("  2   m ", 2.0)]
    [TestCase("5 pm", 5e-12)]
    [TestCase("-3 mm", -0.003)]
    [TestCase("+.5 mm", 0.0005)]
    [TestCase("7. mm", 0.007)]
    [TestCase("1e-3 mm", 1e-6)]
    [TestCase("2.5E2 nm", 250e-9)]
    [TestCase("0 m", 0.0)]
    public void Is_read_correctly_rounded(string text, double metres)
    {
        Assert.That(Length.Parse(text, null).Metres, Is.EqualTo(metres));
        Assert.That(Length.TryParse(text, null, out var tried), Is.True);
        Assert.That((tried.Metres, tried.SI), Is.EqualTo((metres, metres)));
    }

    [TestCase(0.123456, 4, 0.1235)]
    [TestCase(632.84e-9, 3, 633e-9)]
    public void Is_rounded_to_digits_that_count(double metres, int digits, double expected)
    {
        Assert.That(new Length(metres).Rounded(digits).Metres, Is.EqualTo(expected));
        Assert.That(new Length(1.23456).Rounded().Metres, Is.EqualTo(1.235));
    }

    [TestCase("0.75", "a length needs its unit, for example '0.75 mm'")]
    [TestCase(" 1e-3 ", "a length needs its unit: write '1 mm' if it is in metres, '1e-3 mm' if in millimetres")]
    [TestCase("0.75e-3", "a length needs its unit: write '0.75 mm' if it is in metres, '0.75e-3 mm' if in millimetres")]
    [TestCase("632.8e-9", "a length needs its unit: write '632.8 nm' if it is in metres, '632.8e-9 mm' if in millimetres")]
    [TestCase("-0.024", "a length needs its unit: write '-24 mm' if it is in metres, '-0.024 mm' if in millimetres")]
    [TestCase("632.8", "a length needs its unit: write '632.8 nm' if it is in nanometres, '632.8 um' if in micrometres")]
    [TestCase("24", "a length needs its unit, for example '24 mm'")]
    [TestCase("0.1", "a length needs its unit, for example '0.1 mm'")]
    [TestCase("100", "a length needs its unit: write '100 nm' if it is in nanometres, '100 um' if in micrometres")]
    [TestCase("-632.8", "a length needs its unit: write '-632.8 nm' if it is in nanometres, '-632.8 um' if in micrometres")]
    [TestCase("0", "a length needs its unit, for example '0 mm'")]
    [TestCase("0.4 THz", "'THz' is not a unit of a length; the units are pm, nm, um, mm, cm, m, and a frequency stands only in place of a wavelength")]
    [TestCase("3 inch", "'inch' is not a unit of a length; the units are pm, nm, um, mm, cm, m")]
    [TestCase("3 MM", "'MM' is not a unit of a length; the units are pm, nm, um, mm, cm, m")]
    [TestCase("", "'' is not a length; write a number and a unit, for example '0.75 mm'")]
    [TestCase("mm", "'mm' is not a length; write a number and a unit, for example '0.75 mm'")]
    [TestCase("1,5 mm", "'1,5 mm' is not a length; write a number and a unit, for example '0.75 mm'")]
    [TestCase("NaN m", "'NaN m' is not a length; write a number and a unit, for example '0.75 mm'")]
    [TestCase("inf m", "'inf m' is not a length; write a number and a unit, for example '0.75 mm'")]
    [TestCase("1e400 m", "'1e400 m' is too large for a length")]
    [TestCase("1e99999999999 nm", "'1e99999999999 nm' is too large for a length")]
    [TestCase("1 mm 2", "'1 mm 2' is not a length; write a number and a unit, for example '0.75 mm'")]
    public void Refuses_what_is_none_and_says_what_would_be_right(string text, string message)
    {
        Assert.That(() => Length.Parse(text, null), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));
        Assert.That(Length.TryParse(text, null, out _), Is.False);
    }

    [TestCase(0.00075, "0.75 mm")]
    [TestCase(632.8e-9, "632.8 nm")]
    [TestCase(1.2e-6, "1.2 um")]
    [TestCase(1, "1 m")]
    [TestCase(1e-4, "0.1 mm")]
    [TestCase(1e-6, "1 um")]
    [TestCase(1e-10, "0.1 nm")]
    [TestCase(1e-15, "0.001 pm")]
    [TestCase(99e-6, "99 um")]
    [TestCase(0.024, "24 mm")]
    [TestCase(0.3, "300 mm")]
    [TestCase(2, "2 m")]
    [TestCase(1500, "1500 m")]
    [TestCase(5e-12, "5 pm")]
    [TestCase(0.1 + 0.2, "300.00000000000004 mm")]
    [TestCase(-0.003, "-3 mm")]
    [TestCase(0, "0 m")]
    [TestCase(1e-30, "1E-30 m")]
    public void Is_written_in_the_unit_of_its_magnitude(double metres, string text) =>
        Assert.That(new Length(metres).ToString(), Is.EqualTo(text));

    [Test]
    public void Reads_back_exactly_what_it_wrote()
    {
        Random random = new(1);
        for (var i = 0; i < 20_000; i++)
        {
            var metres = i % 2 == 0
                ? Math.Round(random.NextDouble() * 1000, 3) * Math.Pow(10, -random.Next(14))
                : BitConverter.Int64BitsToDouble(random.NextInt64());
            if (!double.IsFinite(metres)) continue;
            Length length = new(metres);
            Assert.That(Length.Parse(length.ToString(), null), Is.EqualTo(length), length.ToString());
        }
    }

    /// <summary>Each is the double that the same operation on the SI values gives: nothing is rounded on the way.</summary>
    [Test]
    public void Is_reckoned_with_as_its_si_value_is()
    {
        Random random = new(2);
        for (var i = 0; i < 1000; i++)
        {
            var (a, b, k) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() * 7 - 3);
            Length x = new(a), y = new(b);
            Assert.That((x + y, x - y, -x), Is.EqualTo((new Length(a + b), new Length(a - b), new Length(-a))));
            Assert.That((x * k, k * x, x / k, x / y), Is.EqualTo((new Length(a * k), new Length(k * a), new Length(a / k), a / b)));
            Assert.That((x < y, x <= y, x > y, x >= y, x.CompareTo(y)), Is.EqualTo((a < b, a <= b, a > b, a >= b, a.CompareTo(b))));
            Assert.That((Length.Min(x, y), Length.Max(x, y), Length.Abs(x)), Is.EqualTo((new Length(Math.Min(a, b)), new Length(Math.Max(a, b)), new Length(Math.Abs(a)))));
            Assert.That(new[] { x, y }.Max(), Is.EqualTo(Length.Max(x, y)));
        }
        Length one = new(1);
        Assert.That((one <= new Length(1), one >= new Length(1), one < new Length(1), one > new Length(1)), Is.EqualTo((true, true, false, false)));
    }
}
