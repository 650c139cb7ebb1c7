using System.Numerics;
using OpticalQAT.Configuration;
using OpticalQAT.Kernels;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// The angular spectrum: every plane wave of the spectrum gains its own phase,
/// H(fx,fy) = exp(i·2πz·sqrt((n/λ)²-fx²-fy²)), and evanescent waves are dropped. Exact on the padded plane as long
/// as H is sampled finely enough; see Goodman, Introduction to Fourier Optics, section 3.10.
/// </summary>
[Kind("angular_spectrum")]
public sealed record AngularSpectrum : PropagatorKind
{
    /// <inheritdoc/>
    public override Complex[] TransferFunction(Wave wave, Grid grid, double distance) =>
        Quadrant(wave, grid, distance).Plane();

    /// <inheritdoc/>
    internal override TransferQuadrant Quadrant(Wave wave, Grid grid, double distance) => PlaneWaves(wave, grid, distance);

    /// <inheritdoc/>
    public override Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables) => DifferentiablePlaneWaves(wave, grid, variables);

    /// <inheritdoc/>
    /// <remarks>
    /// Light of transverse frequency f lands z·f/sqrt((n/λ)²-f²) to the side. What lands further than the padding is
    /// wide comes back in from the other edge: the phase of H then turns by more than π between two samples.
    /// </remarks>
    public override string? SamplingWarning(Wave wave, Grid grid, Length distance)
    {
        var z = Math.Abs(distance.Metres);
        var highest = 0.5 / grid.PixelPitch.Metres;
        var limit = BandLimitedAngularSpectrum.HighestFrequency(wave, grid, z);
        var carried = Math.Min(highest, wave.Cutoff);
        if (limit >= carried)
            return null;
        return $"angular_spectrum over {distance}: its kernel aliases above {limit * grid.PixelPitch.Metres:0.###} cycles per pixel "
            + $"(the grid carries up to {carried * grid.PixelPitch.Metres:0.###}), so that light at steep angles re-enters from the other edge. "
            + "Remedy: more padding, a shorter distance, the kind auto, which carries it, or the kind band_limited_angular_spectrum, which drops that light.";
    }
}

/// <summary>
/// The angular spectrum without the frequencies whose kernel cannot be sampled over the distance:
/// |fx|,|fy| ≤ 1/((λ/n)·sqrt((2·δf·z)²+1)) with δf = 1/(M·Δ)
/// (Matsushima &amp; Shimobaba, Opt. Express 17, 19662, 2009).
/// </summary>
[Kind("band_limited_angular_spectrum")]
public sealed record BandLimitedAngularSpectrum : PropagatorKind
{
    /// <inheritdoc/>
    public override Complex[] TransferFunction(Wave wave, Grid grid, double distance) =>
        Quadrant(wave, grid, distance).Plane();

    /// <inheritdoc/>
    internal override TransferQuadrant Quadrant(Wave wave, Grid grid, double distance) =>
        PlaneWaves(wave, grid, distance, HighestFrequency(wave, grid, distance));

    /// <inheritdoc/>
    public override Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables)
    {
        using var scope = NewDisposeScope();
        var limit = HighestFrequency(variables.WaveIn(wave), variables.GridOf(grid), variables.Distance.item<double>());
        var kept = SquaredFrequencies(grid, variables.Pitch.detach()).sqrt().le(limit);
        return (DifferentiablePlaneWaves(wave, grid, variables) * kept * kept.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string? SamplingWarning(Wave wave, Grid grid, Length distance)
    {
        var kept = HighestFrequency(wave, grid, distance.Metres) * grid.PixelPitch.Metres;
        return kept >= 0.05
            ? null
            : $"band_limited_angular_spectrum over {distance}: only frequencies up to {kept:0.####} cycles per pixel pass, "
                + "little of what a mask pixel diffracts. Remedy: more padding or a shorter distance.";
    }

    /// <summary>The highest frequency along one axis whose kernel is sampled without aliasing, in cycles per metre.</summary>
    internal static double HighestFrequency(Wave wave, Grid grid, double distance)
    {
        var fold = 2 * distance / grid.PaddedWidth.Metres;
        return wave.Cutoff / Math.Sqrt(fold * fold + 1);
    }
}
