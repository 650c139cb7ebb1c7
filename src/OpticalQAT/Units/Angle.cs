using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OpticalQAT.Units;

/// <summary>
/// An angle or a phase. Written with its unit, <c>0.5 rad</c>, <c>20 mrad</c>, <c>90 deg</c>, <c>90°</c>, <c>0.25 turn</c>, or in
/// multiples of π: <c>pi</c>, <c>0.5 pi</c>, <c>pi/2</c>, <c>2 pi rad</c>.
/// </summary>
/// <param name="Radians">The angle in radians.</param>
public readonly partial record struct Angle(double Radians) : IQuantity, IParsable<Angle>, IComparable<Angle>
{
    private const double RadiansPerDegree = Math.PI / 180;
    private const string Number = @"([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?";
    private const string OfPi = @"^\s*(?<factor>[+-]?(" + Number + @")?)\s*\*?\s*(pi|\u03c0)\s*(/\s*(?<divisor>" + Number + @"))?\s*(rad)?\s*$";

    private static readonly UnitTable Units = new("an angle", "rad",
    [
        new("mrad", -3), new("rad", 0), new("deg", 0, Factor: RadiansPerDegree), new("turn", 0, Factor: 2 * Math.PI), new("pi", 0, Factor: Math.PI),
        new("\u00b0", 0, Factor: RadiansPerDegree, IsSpelling: true), new("turns", 0, Factor: 2 * Math.PI, IsSpelling: true),
    ], Readings);

    /// <inheritdoc/>
    public double SI => Radians;

    // JSON Schema and .NET have no names of groups in common.
    /// <inheritdoc/>
    public static string Pattern => $"({Units.Pattern})|({OfPi.Replace("?<factor>", string.Empty, StringComparison.Ordinal).Replace("?<divisor>", string.Empty, StringComparison.Ordinal)})";

    /// <summary>Reads a number and its unit, or a multiple of π.</summary>
    /// <exception cref="FormatException">No unit, an unknown unit, or no finite number; the message is for the user.</exception>
    public static Angle Parse(string s, IFormatProvider? provider) =>
        TryParse(s, out var radians, out var problem) ? new(radians) : throw new FormatException(problem);

    /// <summary>As <see cref="Parse"/>, but without the reason.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Angle result)
    {
        var ok = TryParse(s, out var radians, out _);
        result = new(radians);
        return ok;
    }

    /// <summary>The sum.</summary>
    public static Angle operator +(Angle left, Angle right) => new(left.Radians + right.Radians);

    /// <summary>The difference.</summary>
    public static Angle operator -(Angle left, Angle right) => new(left.Radians - right.Radians);

    /// <summary>The same in the other direction.</summary>
    public static Angle operator -(Angle value) => new(-value.Radians);

    /// <summary>So many times the value.</summary>
    public static Angle operator *(Angle value, double factor) => new(value.Radians * factor);

    /// <summary>So many times the value.</summary>
    public static Angle operator *(double factor, Angle value) => new(factor * value.Radians);

    /// <summary>The value in so many equal parts.</summary>
    public static Angle operator /(Angle value, double divisor) => new(value.Radians / divisor);

    /// <summary>The ratio of the one to the other.</summary>
    public static double operator /(Angle left, Angle right) => left.Radians / right.Radians;

    /// <summary>Whether the one is smaller.</summary>
    public static bool operator <(Angle left, Angle right) => left.Radians < right.Radians;

    /// <summary>Whether the one is at most as large.</summary>
    public static bool operator <=(Angle left, Angle right) => left.Radians <= right.Radians;

    /// <summary>Whether the one is larger.</summary>
    public static bool operator >(Angle left, Angle right) => left.Radians > right.Radians;

    /// <summary>Whether the one is at least as large.</summary>
    public static bool operator >=(Angle left, Angle right) => left.Radians >= right.Radians;

    /// <summary>The smaller of two.</summary>
    public static Angle Min(Angle left, Angle right) => new(Math.Min(left.Radians, right.Radians));

    /// <summary>The larger of two.</summary>
    public static Angle Max(Angle left, Angle right) => new(Math.Max(left.Radians, right.Radians));

    /// <summary>The value without its sign.</summary>
    public static Angle Abs(Angle value) => new(Math.Abs(value.Radians));

    /// <inheritdoc/>
    public int CompareTo(Angle other) => Radians.CompareTo(other.Radians);

    /// <summary>
    /// The shorter of the texts in radians and in degrees that <see cref="Parse"/> reads back as exactly the same
    /// double: <c>0.5 rad</c>, <c>90 deg</c>.
    /// </summary>
    public override string ToString()
    {
        var best = Units.Format(Radians, "rad");
        var degrees = Radians / RadiansPerDegree;
        // A quarter turn divided by the factor need not be 90 to the last bit; fewer digits may still read back.
        for (var digits = 1; digits <= 17; digits++)
        {
            var text = degrees.ToString("G" + digits, CultureInfo.InvariantCulture) + " deg";
            if (text.Length >= best.Length)
                continue;
            if (Units.TryParse(text, out var radians, out _) && radians.Equals(Radians))
                best = text;
        }

        return best;
    }

    private static bool TryParse(string? text, out double radians, out string problem)
    {
        var match = MultipleOfPi().Match(text ?? string.Empty);
        if (!match.Success)
            return Units.TryParse(text, out radians, out problem);
        var factor = match.Groups["factor"].Value;
        var times = factor is "" or "+" ? 1 : factor is "-" ? -1 : double.Parse(factor, CultureInfo.InvariantCulture);
        var divisor = match.Groups["divisor"].Success ? double.Parse(match.Groups["divisor"].Value, CultureInfo.InvariantCulture) : 1;
        radians = times * Math.PI / divisor;
        problem = double.IsFinite(radians) ? string.Empty : divisor == 0 ? $"'{text!.Trim()}' divides by 0" : $"'{text!.Trim()}' is too large for an angle";
        return problem.Length == 0;
    }

    // 3.14 is a half turn in one unit and nothing in the other.
    private static string Readings(double number, string text) => $"'{text} deg' if it is in degrees, '{text} rad' if in radians";

    [GeneratedRegex(OfPi, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex MultipleOfPi();
}
