using System.Numerics;
using OpticalQAT.Configuration;
using OpticalQAT.Kernels;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// Fresnel's approximation for light that stays near the axis: H(fx,fy) = exp(i2πnz/λ)·exp(-iπ(λ/n)z(fx²+fy²)). What
/// most textbooks and many published designs compute with; wrong at steep angles, which <c>validate</c> puts into numbers.
/// See Goodman, Introduction to Fourier Optics, section 4.2.
/// </summary>
[Kind("fresnel")]
public sealed record Fresnel : PropagatorKind
{
    /// <inheritdoc/>
    public override bool IsParaxial => true;

    /// <inheritdoc/>
    public override Complex[] TransferFunction(Wave wave, Grid grid, double distance) => Quadrant(wave, grid, distance).Plane();

    /// <inheritdoc/>
    internal override TransferQuadrant Quadrant(Wave wave, Grid grid, double distance)
    {
        var quadrant = new TransferQuadrant(PlaneSize(grid));
        var step = 1 / grid.PaddedWidth.Metres;
        var axis = Wave.UnitPhasor(distance * wave.Cutoff);
        Complex[] along = [.. Enumerable.Range(0, quadrant.Side).Select(i => Wave.UnitPhasor(-distance * Math.Pow(i * step, 2) / (2 * wave.Cutoff)))];
        for (var row = 0; row < quadrant.Side; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var value = axis * along[row] * along[column];
                quadrant.SetBoth(row, column, value.Real, value.Imaginary);
            }
        }
        return quadrant;
    }

    /// <inheritdoc/>
    public override Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables)
    {
        using var scope = NewDisposeScope();
        var squared = SquaredFrequencies(grid, variables.Pitch);
        var cutoff = wave.MediumIndex / variables.Wavelength;
        var phase = 2 * Math.PI * variables.Distance * (cutoff - (squared + squared.unsqueeze(1)) / (2 * cutoff));
        return complex(phase.cos(), phase.sin()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Two limits: the phase π(λ/n)zf² turns by less than π between two samples up to f = MΔn/(2λz); and it differs from
    /// that of the angular spectrum, 2π(n/λ)z·(1-s²/2-sqrt(1-s²)) with s = λf/n, by less than a radian.
    /// </remarks>
    public override string? SamplingWarning(Wave wave, Grid grid, Length distance)
    {
        var (z, pitch) = (Math.Abs(distance.Metres), grid.PixelPitch.Metres);
        if (z == 0)
            return null;
        var sampled = grid.PaddedWidth.Metres * wave.Cutoff / (2 * z);
        var aliases = sampled < 0.5 / pitch
            ? $"its kernel aliases above {sampled * pitch:0.###} cycles per pixel, so that light re-enters from the other edge"
            : null;
        // (1-q)²/2 of all waves is the difference where sqrt(1-s²) = q
        var q = Math.Max(0, 1 - Math.Sqrt(1 / (Math.PI * wave.Cutoff * z)));
        var paraxial = wave.Cutoff * Math.Sqrt(1 - q * q);
        var steep = paraxial < Math.Min(0.5 / pitch, wave.Cutoff)
            ? $"above {paraxial * pitch:0.###} cycles per pixel waves are too steep for it, and their phase is off by more than 1 rad"
            : null;
        if (aliases is null && steep is null)
            return null;
        return $"fresnel over {distance}: {string.Join("; ", new[] { aliases, steep }.OfType<string>())} (the grid carries up to {Math.Min(0.5, wave.Cutoff * pitch):0.###}). "
            + "Remedy: the kind auto, which makes no such approximation; or light without those frequencies.";
    }
}
