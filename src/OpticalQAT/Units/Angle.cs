namespace OpticalQAT.Units;

/// <summary>An angle or a phase. Written with its unit: <c>0.5 rad</c>, <c>90 deg</c>.</summary>
/// <param name="Radians">The angle in radians.</param>
public readonly record struct Angle(double Radians) : IQuantity, IParsable<Angle>
{
    /// <inheritdoc/>
    public double SI => Radians;

    public static Angle Parse(string s, IFormatProvider? provider) => throw new FormatException(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out Angle result) => throw new FormatException(s);
}
