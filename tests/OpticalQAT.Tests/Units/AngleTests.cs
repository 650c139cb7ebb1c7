using NUnit.Framework;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Units;

public class AngleTests
{
    [TestCase("0.5 rad", 0.5)]
    [TestCase("20 mrad", 0.02)]
    [TestCase("90 deg", Math.PI / 2)]
    [TestCase("-180deg", -Math.PI)]
    [TestCase("90\u00b0", Math.PI / 2)]
    [TestCase("90 \u00b0", Math.PI / 2)]
    [TestCase("0.25 turn", Math.PI / 2)]
    [TestCase("2 turns", 4 * Math.PI)]
    [TestCase("pi", Math.PI)]
    [TestCase("-pi", -Math.PI)]
    [TestCase("\u03c0", Math.PI)]
    [TestCase("0.5 pi", Math.PI / 2)]
    [TestCase("0.5pi", Math.PI / 2)]
    [TestCase("2 pi rad", 2 * Math.PI)]
    [TestCase("2*pi", 2 * Math.PI)]
    [TestCase("pi/2", Math.PI / 2)]
    [TestCase("3 pi / 4", 3 * Math.PI / 4)]
    [TestCase("1e-3 \u03c0", 1e-3 * Math.PI)]
    [TestCase("+pi", Math.PI)]
    public void Is_read_in_radians(string text, double radians)
    {
        Assert.That(Angle.Parse(text, null).Radians, Is.EqualTo(radians));
        Assert.That(Angle.TryParse(text, null, out var tried), Is.True);
        Assert.That((tried.Radians, tried.SI), Is.EqualTo((radians, radians)));
    }

    [TestCase("90", "an angle needs its unit: write '90 deg' if it is in degrees, '90 rad' if in radians")]
    [TestCase("3.14", "an angle needs its unit: write '3.14 deg' if it is in degrees, '3.14 rad' if in radians")]
    [TestCase("90 grad", "'grad' is not a unit of an angle; the units are mrad, rad, deg, turn, pi")]
    [TestCase("pi/0", "'pi/0' divides by 0")]
    [TestCase("1e999 pi", "'1e999 pi' is too large for an angle")]
    [TestCase("right", "'right' is not an angle; write a number and a unit, for example '0.75 rad'")]
    [TestCase("1e999 deg", "'1e999 deg' is too large for an angle")]
    public void Refuses_what_is_none_and_says_what_would_be_right(string text, string message)
    {
        Assert.That(() => Angle.Parse(text, null), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));
        Assert.That(Angle.TryParse(text, null, out _), Is.False);
    }

    [TestCase(0.5, "0.5 rad")]
    [TestCase(0, "0 rad")]
    [TestCase(Math.PI / 2, "90 deg")]
    [TestCase(Math.PI / 3, "60 deg")]
    [TestCase(-Math.PI, "-180 deg")]
    public void Is_written_in_the_shorter_unit(double radians, string text) =>
        Assert.That(new Angle(radians).ToString(), Is.EqualTo(text));

    [Test]
    public void Reads_back_exactly_what_it_wrote()
    {
        Random random = new(2);
        for (var i = 0; i < 5_000; i++)
        {
            var angle = (i % 3) switch
            {
                0 => new((random.NextDouble() - 0.5) * 7),
                1 => Angle.Parse($"{random.Next(-3600, 3600) / 10.0} deg", null),
                _ => new(random.NextDouble() * Math.Pow(10, random.Next(-12, 12))),
            };
            Assert.That(Angle.Parse(angle.ToString(), null), Is.EqualTo(angle), angle.ToString());
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
            Angle x = new(a), y = new(b);
            Assert.That((x + y, x - y, -x), Is.EqualTo((new Angle(a + b), new Angle(a - b), new Angle(-a))));
            Assert.That((x * k, k * x, x / k, x / y), Is.EqualTo((new Angle(a * k), new Angle(k * a), new Angle(a / k), a / b)));
            Assert.That((x < y, x <= y, x > y, x >= y, x.CompareTo(y)), Is.EqualTo((a < b, a <= b, a > b, a >= b, a.CompareTo(b))));
            Assert.That((Angle.Min(x, y), Angle.Max(x, y), Angle.Abs(x)), Is.EqualTo((new Angle(Math.Min(a, b)), new Angle(Math.Max(a, b)), new Angle(Math.Abs(a)))));
            Assert.That(new[] { x, y }.Max(), Is.EqualTo(Angle.Max(x, y)));
        }
        Angle one = new(1);
        Assert.That((one <= new Angle(1), one >= new Angle(1), one < new Angle(1), one > new Angle(1)), Is.EqualTo((true, true, false, false)));
    }
}
