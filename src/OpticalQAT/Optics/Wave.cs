using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>Monochromatic light in a homogeneous medium; time runs as exp(-iωt), so light that travels +z gains exp(+ikz).</summary>
/// <param name="Wavelength">The wavelength in vacuum, λ.</param>
/// <param name="MediumIndex">The refractive index n of the medium between the layers.</param>
public sealed record Wave(Length Wavelength, double MediumIndex = 1)
{
    /// <summary>The values that <see cref="PlaneWaveFactors"/> works out at once.</summary>
    internal const int FactorsAtOnce = 8;

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

    /// <summary>The factors of many plane waves, several at once: <see cref="PlaneWaveFactor"/> of a + b[i] for every i.</summary>
    /// <param name="square">a, the share of fx²+fy² that all have, in 1/m².</param>
    /// <param name="squares">b, the share that each has of its own; their number is a multiple of <see cref="FactorsAtOnce"/>.</param>
    /// <param name="distance">z, in metres.</param>
    /// <param name="real">The real parts, as many.</param>
    /// <param name="imaginary">The imaginary parts, as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // before tier-up it would be ten times slower, in a step's way
    internal void PlaneWaveFactors(double square, ReadOnlySpan<double> squares, double distance, Span<double> real, Span<double> imaginary)
    {
        for (var i = 0; i < squares.Length; i += FactorsAtOnce)
        {
            var longitudinal = Vector512.Create(Cutoff * Cutoff) - (Vector512.Create(square) + Vector512.Create(squares[i..]));
            var cycles = distance * Vector512.Sqrt(Vector512.Max(longitudinal, Vector512<double>.Zero));
            var (sine, cosine) = Vector512.SinCos(2 * Math.PI * (cycles - Vector512.Round(cycles)));
            var travels = Vector512.GreaterThanOrEqual(longitudinal, Vector512<double>.Zero);
            (cosine & travels).CopyTo(real[i..]);
            (sine & travels).CopyTo(imaginary[i..]);
        }
    }

    /// <summary>exp(i·2π·cycles), the whole cycles taken off first: at 10⁴ waves and more they would cost the digits that matter.</summary>
    public static Complex UnitPhasor(double cycles)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (cycles - Math.Round(cycles)));
        return new Complex(cosine, sine);
    }
}
