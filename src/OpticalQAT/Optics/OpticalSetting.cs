using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>The light, the medium, the sampling and the propagation: what is the same for the whole experiment.</summary>
public sealed record OpticalSetting
{
    /// <summary>The wavelength in vacuum.</summary>
    [Above(0)]
    public required Length Wavelength { get; init; }

    /// <summary>The refractive index of the medium between the layers.</summary>
    [AtLeast(1), AtMost(10)]
    public double MediumIndex { get; init; } = 1;

    /// <summary>The sampling of every plane.</summary>
    public required Grid Grid { get; init; }

    /// <summary>How light gets from plane to plane.</summary>
    public PropagatorKind Propagator { get; init; } = new AngularSpectrum();

    /// <summary>Whether propagation on the CPU may take the fast path; false leaves everything to torch, several times slower, to the same results within rounding.</summary>
    public bool FastPath { get; init; } = true;

    /// <summary>The light in its medium.</summary>
    public Wave Wave => new(Wavelength, MediumIndex);

    /// <summary>A propagator for this setting, with its own cache of transfer functions.</summary>
    public Propagator BuildPropagator() => new(Propagator, Wave, Grid, FastPath);
}
