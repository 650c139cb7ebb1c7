using System.Numerics;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>
/// How light gets from plane to plane. A kind says what a spectrum is multiplied by; <see cref="Propagator"/> does
/// the padding, the transforms and the cropping for all of them.
/// </summary>
[Family("propagator")]
public abstract record PropagatorKind : Variant
{
    /// <summary>The transfer function on the padded plane, in double precision.</summary>
    /// <param name="wave">The light and the medium.</param>
    /// <param name="grid">The planes' sampling.</param>
    /// <param name="distance">z in metres; negative propagates back.</param>
    /// <returns>M×M values in row-major order, frequencies in the FFT's own order (<see cref="Grid.Frequencies"/>).</returns>
    public abstract Complex[] TransferFunction(Wave wave, Grid grid, double distance);

    /// <summary>What of this kernel cannot be sampled on the grid at the distance, as one sentence with numbers and the remedy; null when nothing is lost.</summary>
    public abstract string? SamplingWarning(Wave wave, Grid grid, Length distance);

    /// <summary>
    /// The same by its values at the frequencies that are not negative: what propagations are made of. A kind whose values
    /// follow from a formula works out these alone (<see cref="PlaneWaves"/>); by default they are taken from the whole plane.
    /// </summary>
    internal virtual TransferQuadrant Quadrant(Wave wave, Grid grid, double distance) =>
        TransferQuadrant.Of(TransferFunction(wave, grid, distance), grid.PaddedSize);

    /// <summary>Free space, plane wave by plane wave, up to a frequency along each axis; half a quadrant is worked out, the rest mirrored.</summary>
    /// <param name="wave">The light and the medium.</param>
    /// <param name="grid">The planes' sampling.</param>
    /// <param name="distance">z in metres.</param>
    /// <param name="limit">The highest frequency |fx|, |fy| that is kept, in cycles per metre.</param>
    private protected static TransferQuadrant PlaneWaves(Wave wave, Grid grid, double distance, double limit = double.PositiveInfinity)
    {
        var quadrant = new TransferQuadrant(grid.PaddedSize);
        var room = (quadrant.Side + Wave.FactorsAtOnce - 1) / Wave.FactorsAtOnce * Wave.FactorsAtOnce;
        var step = 1 / grid.PaddedWidth.Metres;
        double[] squares = [.. Enumerable.Range(0, room).Select(i => i * step * (i * step))];
        var (real, imaginary) = (new double[room], new double[room]);
        for (var row = 0; row < quadrant.Side && row * step <= limit; row++)
        {
            var count = row / Wave.FactorsAtOnce * Wave.FactorsAtOnce + Wave.FactorsAtOnce;
            wave.PlaneWaveFactors(squares[row], squares.AsSpan(0, count), distance, real, imaginary);
            for (var column = 0; column <= row; column++)
                quadrant.SetBoth(row, column, real[column], imaginary[column]);
        }
        return quadrant;
    }
}
