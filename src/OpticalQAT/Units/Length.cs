namespace OpticalQAT.Units;

/// <summary>A quantity that has a unit: its value in SI units, for bounds and arithmetic.</summary>
public interface IQuantity
{
    /// <summary>The value in the SI unit of its dimension.</summary>
    double SI { get; }
}

/// <summary>A length. Written with its unit: <c>632.8 nm</c>, <c>1.2 um</c>, <c>0.75 mm</c>.</summary>
/// <param name="Metres">The length in metres.</param>
public readonly record struct Length(double Metres) : IQuantity, IParsable<Length>
{
    /// <inheritdoc/>
    public double SI => Metres;

    public static Length Parse(string s, IFormatProvider? provider) => throw new FormatException(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out Length result) => throw new FormatException(s);
}
