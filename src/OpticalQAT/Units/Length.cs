using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpticalQAT.Units;

/// <summary>A length. Written with its unit: <c>632.8 nm</c>, <c>1.2 um</c>, <c>0.75 mm</c>.</summary>
/// <param name="Metres">The length in metres.</param>
public readonly record struct Length(double Metres) : IQuantity, IParsable<Length>, IComparable<Length>
{
    // The micro sign and the Greek letter look alike and both are typed: both are read, "um" is written.
    private static readonly UnitTable Units = new("a length", "mm",
    [
        new("pm", -12), new("nm", -9), new("um", -6), new("mm", -3), new("cm", -2), new("m", 0),
        new("\u00b5m", -6, IsSpelling: true), new("\u03bcm", -6, IsSpelling: true),
    ], Readings);

    /// <inheritdoc/>
    public double SI => Metres;

    /// <inheritdoc/>
    public static string Pattern => Units.Pattern;

    /// <summary>Reads a number and its unit; the result is the double nearest to the decimal number in metres.</summary>
    /// <exception cref="FormatException">No unit, an unknown unit, or no finite number; the message is for the user.</exception>
    public static Length Parse(string s, IFormatProvider? provider) =>
        Units.TryParse(s, out var metres, out var problem) ? new(metres) : throw new FormatException(problem);

    /// <summary>As <see cref="Parse"/>, but without the reason.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Length result)
    {
        var ok = Units.TryParse(s, out var metres, out _);
        result = new(metres);
        return ok;
    }

    /// <summary>The sum.</summary>
    public static Length operator +(Length left, Length right) => new(left.Metres + right.Metres);

    /// <summary>The difference.</summary>
    public static Length operator -(Length left, Length right) => new(left.Metres - right.Metres);

    /// <summary>The same in the other direction.</summary>
    public static Length operator -(Length value) => new(-value.Metres);

    /// <summary>So many times the value.</summary>
    public static Length operator *(Length value, double factor) => new(value.Metres * factor);

    /// <summary>So many times the value.</summary>
    public static Length operator *(double factor, Length value) => new(factor * value.Metres);

    /// <summary>The value in so many equal parts.</summary>
    public static Length operator /(Length value, double divisor) => new(value.Metres / divisor);

    /// <summary>The ratio of the one to the other.</summary>
    public static double operator /(Length left, Length right) => left.Metres / right.Metres;

    /// <summary>Whether the one is shorter.</summary>
    public static bool operator <(Length left, Length right) => left.Metres < right.Metres;

    /// <summary>Whether the one is at most as long.</summary>
    public static bool operator <=(Length left, Length right) => left.Metres <= right.Metres;

    /// <summary>Whether the one is longer.</summary>
    public static bool operator >(Length left, Length right) => left.Metres > right.Metres;

    /// <summary>Whether the one is at least as long.</summary>
    public static bool operator >=(Length left, Length right) => left.Metres >= right.Metres;

    /// <summary>The shorter of two.</summary>
    public static Length Min(Length left, Length right) => new(Math.Min(left.Metres, right.Metres));

    /// <summary>The longer of two.</summary>
    public static Length Max(Length left, Length right) => new(Math.Max(left.Metres, right.Metres));

    /// <summary>The value without its sign.</summary>
    public static Length Abs(Length value) => new(Math.Abs(value.Metres));

    /// <inheritdoc/>
    public int CompareTo(Length other) => Metres.CompareTo(other.Metres);

    /// <summary>To a few significant digits, for messages: not what a computation should go on with.</summary>
    public Length Rounded(int digits = 4) =>
        new(double.Parse(Metres.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>The likely meanings of a number without a unit; none where millimetres are the only likely reading.</summary>
    private static string Readings(double number, string text) => Math.Abs(number) switch
    {
        > 0 and < 0.1 => $"'{new Length(number)}' if it is in metres, '{text} mm' if in millimetres",
        >= 100 => $"'{text} nm' if it is in nanometres, '{text} um' if in micrometres",
        _ => string.Empty,
    };

    /// <summary>
    /// The shortest decimal number, in the unit that optics would use for this magnitude, that
    /// <see cref="Parse"/> reads back as exactly the same double.
    /// </summary>
    public override string ToString() => Units.Format(Metres, Math.Abs(Metres) switch
    {
        0 or >= 1 => "m",
        >= 1e-4 => "mm",    // a terahertz wavelength is 0.75 mm, not 750 um
        >= 1e-6 => "um",
        >= 1e-10 => "nm",
        >= 1e-15 => "pm",
        _ => "m",
    });
}
