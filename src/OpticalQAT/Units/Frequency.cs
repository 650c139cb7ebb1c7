using System.Diagnostics.CodeAnalysis;

namespace OpticalQAT.Units;

/// <summary>A frequency of light, which may be written where a wavelength in vacuum stands: <c>0.4 THz</c>.</summary>
/// <param name="Hertz">The frequency in hertz.</param>
public readonly record struct Frequency(double Hertz) : IQuantity, IParsable<Frequency>
{
    /// <summary>The speed of light in vacuum, in metres per second; exact since it defines the metre.</summary>
    public const double SpeedOfLight = 299_792_458;

    private static readonly UnitTable Units = new("a frequency", "THz",
    [
        new("Hz", 0), new("kHz", 3), new("MHz", 6), new("GHz", 9), new("THz", 12), new("PHz", 15), new("EHz", 18),
    ]);

    /// <summary>The units that can be read, for messages.</summary>
    internal static string Symbols => Units.Listed();

    /// <inheritdoc/>
    public double SI => Hertz;

    /// <inheritdoc/>
    public static string Pattern => Units.Pattern;

    /// <summary>The wavelength in vacuum.</summary>
    public Length Wavelength => new(SpeedOfLight / Hertz);

    /// <summary>Reads a number and its unit.</summary>
    /// <exception cref="FormatException">No unit, an unknown unit, or no finite number; the message is for the user.</exception>
    public static Frequency Parse(string s, IFormatProvider? provider) =>
        Units.TryParse(s, out var hertz, out var problem) ? new(hertz) : throw new FormatException(problem);

    /// <summary>As <see cref="Parse"/>, but without the reason.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Frequency result)
    {
        var ok = Units.TryParse(s, out var hertz, out _);
        result = new(hertz);
        return ok;
    }

    /// <summary>The shortest decimal number in terahertz that <see cref="Parse"/> reads back as exactly the same double.</summary>
    public override string ToString() => Units.Format(Hertz, "THz");

    /// <summary>Whether that is the symbol of a unit of frequency.</summary>
    internal static bool HasUnit(string symbol) => Units.Has(symbol);
}
