using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>One wavelength of polychromatic light.</summary>
public sealed record SpectralLine
{
    /// <summary>The wavelength in vacuum.</summary>
    [AtLeast(1e-12), AtMost(10), OrFrequency]
    public required Length Wavelength { get; init; }

    /// <summary>The share of the power at this wavelength, relative to those of the other lines: only ratios matter.</summary>
    [AtLeast(1e-9), AtMost(1e9)]
    public double Weight { get; init; } = 1;
}
