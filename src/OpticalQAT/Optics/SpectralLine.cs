using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>One wavelength of polychromatic light.</summary>
public sealed record SpectralLine
{
    /// <summary>The wavelength in vacuum.</summary>
    [Above(0)]
    public required Length Wavelength { get; init; }

    /// <summary>The share of the power at this wavelength, relative to those of the other lines: only ratios matter.</summary>
    [Above(0)]
    public double Weight { get; init; } = 1;
}
