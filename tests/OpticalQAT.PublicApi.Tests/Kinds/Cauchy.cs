using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Cauchy's equation, n = A + B/λ².</summary>
[Kind("cauchy")]
public sealed record Cauchy : DispersionKind
{
    /// <summary>A, the index of long waves.</summary>
    [AtLeast(1), AtMost(10)]
    public required double A { get; init; }

    /// <summary>B, in mm².</summary>
    [AtLeast(0), AtMost(1000)]
    public double B { get; init; }

    /// <inheritdoc/>
    public override RefractiveIndex? At(Length wavelength) => new(A + B / Math.Pow(wavelength.Metres * 1e3, 2), null);

    /// <inheritdoc/>
    public override string? ProblemAt(Length wavelength) => At(wavelength) is { Index: <= 10 } ? null : $"Cauchy's equation gives no index up to 10 at {wavelength}; check B";
}
