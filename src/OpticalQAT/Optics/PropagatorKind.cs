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

    /// <summary>Fills a plane whose values depend on fx² and fy² alone: a quarter of it is worked out, and mirrored.</summary>
    /// <param name="frequencies">The M frequencies of a side, in the FFT's order, where index i and M-i are mirror images.</param>
    /// <param name="value">The value at |fx|, |fy|.</param>
    private protected static Complex[] FillMirrored(double[] frequencies, Func<double, double, Complex> value)
    {
        var m = frequencies.Length;
        var plane = new Complex[m * m];
        for (var row = 0; row <= m / 2; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sample = value(Math.Abs(frequencies[column]), Math.Abs(frequencies[row]));
                foreach (var y in MirrorImages(row, m))
                {
                    foreach (var x in MirrorImages(column, m))
                        plane[y * m + x] = plane[x * m + y] = sample;
                }
            }
        }
        return plane;
    }

    private static int[] MirrorImages(int index, int m) => index == 0 ? [0] : [index, m - index];
}
