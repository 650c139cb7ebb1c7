using System.Numerics;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>Monochromatic light in a homogeneous medium; time runs as exp(-iωt), so light that travels +z gains exp(+ikz).</summary>
/// <param name="Wavelength">The wavelength in vacuum, λ.</param>
/// <param name="MediumIndex">The refractive index n of the medium between the layers.</param>
public sealed record Wave(Length Wavelength, double MediumIndex = 1)
{
    /// <summary>1 over the wavelength in the medium, n/λ, in cycles per metre: the highest spatial frequency that travels.</summary>
    public double Cutoff => MediumIndex / Wavelength.Metres;

    /// <summary>k = 2πn/λ, in radians per metre.</summary>
    public double Wavenumber => 2 * Math.PI * Cutoff;

    /// <summary>
    /// The factor exp(i·2πz·sqrt((n/λ)²-fx²-fy²)) by which a plane wave of the given spatial frequency changes over a
    /// distance; 0 for evanescent waves, which carry nothing over the distances met here.
    /// </summary>
    /// <param name="squaredFrequency">fx²+fy², in 1/m².</param>
    /// <param name="distance">z, in metres; negative propagates back.</param>
    public Complex PlaneWaveFactor(double squaredFrequency, double distance)
    {
        var longitudinal = Cutoff * Cutoff - squaredFrequency;
        return longitudinal < 0 ? Complex.Zero : UnitPhasor(distance * Math.Sqrt(longitudinal));
    }

    /// <summary>exp(i·2π·cycles), the whole cycles taken off first: at 10⁴ waves and more they would cost the digits that matter.</summary>
    internal static Complex UnitPhasor(double cycles)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (cycles - Math.Round(cycles)));
        return new Complex(cosine, sine);
    }
}
