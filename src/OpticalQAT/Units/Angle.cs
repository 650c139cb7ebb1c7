using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpticalQAT.Units;

/// <summary>An angle or a phase. Written with its unit: <c>0.5 rad</c>, <c>20 mrad</c>, <c>90 deg</c>.</summary>
/// <param name="Radians">The angle in radians.</param>
public readonly record struct Angle(double Radians) : IQuantity, IParsable<Angle>
{
    private const double RadiansPerDegree = Math.PI / 180;

    private static readonly UnitTable Units = new("an angle", "rad",
        [new("mrad", -3), new("rad", 0), new("deg", 0, Factor: RadiansPerDegree)]);

    /// <inheritdoc/>
    public double SI => Radians;

    /// <inheritdoc/>
    public static string Pattern => Units.Pattern;

    /// <summary>Reads a number and its unit.</summary>
    /// <exception cref="FormatException">No unit, an unknown unit, or no finite number; the message is for the user.</exception>
    public static Angle Parse(string s, IFormatProvider? provider) =>
        Units.TryParse(s, out double radians, out string problem) ? new(radians) : throw new FormatException(problem);

    /// <summary>As <see cref="Parse"/>, but without the reason.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Angle result)
    {
        bool ok = Units.TryParse(s, out double radians, out _);
        result = new(radians);
        return ok;
    }

    /// <summary>
    /// The shorter of the texts in radians and in degrees that <see cref="Parse"/> reads back as exactly the same
    /// double: <c>0.5 rad</c>, <c>90 deg</c>.
    /// </summary>
    public override string ToString()
    {
        string best = Units.Format(Radians, "rad");
        double degrees = Radians / RadiansPerDegree;
        // A quarter turn divided by the factor need not be 90 to the last bit; fewer digits may still read back.
        for (int digits = 1; digits <= 17; digits++)
        {
            string text = degrees.ToString("G" + digits, CultureInfo.InvariantCulture) + " deg";
            if (text.Length >= best.Length) continue;
            if (Units.TryParse(text, out double radians, out _) && radians.Equals(Radians)) best = text;
        }

        return best;
    }
}
