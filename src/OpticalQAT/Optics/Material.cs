using System.Numerics;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>
/// The material that a mask is printed in, at the wavelength that it is designed for. A pixel of height h lets through
/// t = exp(i·2π(n_m-n)h/λ)·exp(-2πκh/λ).
/// </summary>
/// <param name="Index">The refractive index n_m.</param>
/// <param name="Extinction">The extinction coefficient κ; 0 is lossless.</param>
/// <param name="Wave">The light, and the medium of index n that the relief displaces.</param>
public sealed record Material(double Index, double Extinction, Wave Wave)
{
    /// <summary>The same material at each wavelength of the light; where light has the design wavelength alone, itself.</summary>
    public IReadOnlyList<Material> Spectrum { get => field ?? [this]; init; }

    /// <summary>Whether light cannot tell a height from one that is a wave taller: at one wavelength and without loss.</summary>
    public bool IsPeriodic => Spectrum.All(line => line.Extinction == 0 && line.OneWave == OneWave);

    /// <summary>The height that delays by one wave, λ/|n_m-n|.</summary>
    public Length OneWave => Wave.Wavelength / Math.Abs(Index - Wave.MediumIndex);

    /// <summary>The phase that light gains per metre of height, in radians; negative where the medium is denser than the material.</summary>
    public double PhasePerMetre => 2 * Math.PI * (Index - Wave.MediumIndex) / Wave.Wavelength.Metres;

    /// <summary>The attenuation of the amplitude, per metre of height.</summary>
    public double AttenuationPerMetre => 2 * Math.PI * Extinction / Wave.Wavelength.Metres;

    /// <summary>The complex transmission of a height in metres.</summary>
    public Complex Transmission(double height) =>
        Wave.UnitPhasor(PhasePerMetre / (2 * Math.PI) * height) * Math.Exp(-AttenuationPerMetre * height);
}
