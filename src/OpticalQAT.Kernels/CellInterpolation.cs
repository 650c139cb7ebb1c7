using System.Runtime.Intrinsics;

namespace OpticalQAT.Kernels;

/// <summary>
/// Transmissions between the two levels of a cell, at the fraction s from a to b: either the transmissions are interpolated,
/// t = (1-s)·a + s·b, or the heights, h = (1-s)·a + s·b with t = exp((ip-α)·h). The pixels share a table of levels; a cell
/// that is none gives NaN. Complex numbers are interleaved floats.
/// </summary>
internal static unsafe class CellInterpolation
{
    private const int Block = 8;

    /// <summary>Interpolates transmissions.</summary>
    /// <param name="cells">The cell of each pixel.</param>
    /// <param name="starts">a of each cell; there may be more.</param>
    /// <param name="ends">b of each cell.</param>
    /// <param name="fraction">The first of the fractions s, one for each pixel.</param>
    /// <param name="transmission">The first of as many complex values, written.</param>
    public static void Transmissions(
        ReadOnlySpan<long> cells, ReadOnlySpan<(float Re, float Im)> starts, ReadOnlySpan<(float Re, float Im)> ends, ref float fraction, ref float transmission)
    {
        fixed (float* s = &fraction, t = &transmission)
        {
            for (var i = 0; i < cells.Length; i++)
            {
                var (k, to) = (Place(cells[i], ends.Length), s[i]);
                var from = 1 - to;
                t[2 * i] = k < 0 ? float.NaN : starts[k].Re * from + ends[k].Re * to;
                t[2 * i + 1] = k < 0 ? float.NaN : starts[k].Im * from + ends[k].Im * to;
            }
        }
    }

    /// <summary>Interpolates heights.</summary>
    /// <param name="cells">The cell of each pixel.</param>
    /// <param name="starts">a of each cell, in metres; there may be more.</param>
    /// <param name="ends">b of each cell, in metres.</param>
    /// <param name="phase">p, in radians per metre.</param>
    /// <param name="attenuation">α, of the amplitude, per metre.</param>
    /// <param name="fraction">The first of the fractions s, one for each pixel.</param>
    /// <param name="transmission">The first of as many complex values, written.</param>
    public static void Heights(
        ReadOnlySpan<long> cells, ReadOnlySpan<double> starts, ReadOnlySpan<double> ends, double phase, double attenuation, ref float fraction, ref float transmission)
    {
        Span<double> heights = stackalloc double[Block];
        fixed (float* s = &fraction, t = &transmission)
        {
            for (var first = 0; first < cells.Length; first += Block)
            {
                var count = Math.Min(Block, cells.Length - first);
                for (var i = 0; i < count; i++)
                {
                    var (k, to) = (Place(cells[first + i], ends.Length), (double)s[first + i]);
                    heights[i] = k < 0 ? double.NaN : starts[k] * (1 - to) + ends[k] * to;
                }
                var height = Vector512.Create<double>(heights);
                var (sine, cosine) = Vector512.SinCos(height * phase);
                if (attenuation > 0)
                {
                    var amplitude = Vector512.Exp(height * -attenuation);
                    (sine, cosine) = (sine * amplitude, cosine * amplitude);
                }
                for (var i = 0; i < count; i++)
                    (t[2 * (first + i)], t[2 * (first + i) + 1]) = ((float)cosine[i], (float)sine[i]);
            }
        }
    }

    /// <summary>The gradients where transmissions are interpolated: that of a fraction is Re(conj(b-a)·g).</summary>
    /// <param name="cells">As they were.</param>
    /// <param name="starts">As they were.</param>
    /// <param name="ends">As they were.</param>
    /// <param name="fraction">The first of the fractions, or a null reference where the levels are given.</param>
    /// <param name="gradient">The first of the transmissions' gradients.</param>
    /// <param name="slope">The first of the fractions' gradients, written.</param>
    /// <param name="ofStarts">The gradient of a, added to; empty where the levels are given.</param>
    /// <param name="ofEnds">That of b.</param>
    public static void AlongChord(
        ReadOnlySpan<long> cells, ReadOnlySpan<(float Re, float Im)> starts, ReadOnlySpan<(float Re, float Im)> ends,
        ref float fraction, ref float gradient, ref float slope, Span<(float Re, float Im)> ofStarts, Span<(float Re, float Im)> ofEnds)
    {
        fixed (float* s = &fraction, g = &gradient, result = &slope)
        {
            for (var i = 0; i < cells.Length; i++)
            {
                var k = Place(cells[i], ends.Length);
                result[i] = k < 0 ? float.NaN : (ends[k].Re - starts[k].Re) * g[2 * i] + (ends[k].Im - starts[k].Im) * g[2 * i + 1];
            }
            if (s is null)
                return;
            for (var i = 0; i < cells.Length; i++)
            {
                if (Place(cells[i], ends.Length) is not (>= 0 and var k))
                    continue;
                var (to, from) = (s[i], 1 - s[i]);
                ofStarts[k] = (ofStarts[k].Re + from * g[2 * i], ofStarts[k].Im + from * g[2 * i + 1]);
                ofEnds[k] = (ofEnds[k].Re + to * g[2 * i], ofEnds[k].Im + to * g[2 * i + 1]);
            }
        }
    }

    /// <summary>The gradients where heights are interpolated: that of a height is Re(conj((ip-α)·t)·g).</summary>
    /// <param name="cells">As they were.</param>
    /// <param name="starts">As they were.</param>
    /// <param name="ends">As they were.</param>
    /// <param name="phase">As it was.</param>
    /// <param name="attenuation">As it was.</param>
    /// <param name="fraction">The first of the fractions, or a null reference where the levels are given.</param>
    /// <param name="transmission">The first of the transmissions.</param>
    /// <param name="gradient">The first of their gradients.</param>
    /// <param name="slope">The first of the fractions' gradients, written.</param>
    /// <param name="ofStarts">The gradient of a, added to; empty where the levels are given.</param>
    /// <param name="ofEnds">That of b.</param>
    public static void AlongArc(
        ReadOnlySpan<long> cells, ReadOnlySpan<double> starts, ReadOnlySpan<double> ends, double phase, double attenuation,
        ref float fraction, ref float transmission, ref float gradient, ref float slope, Span<double> ofStarts, Span<double> ofEnds)
    {
        fixed (float* s = &fraction, t = &transmission, g = &gradient, result = &slope)
        {
            for (var i = 0; i < cells.Length; i++)
            {
                var k = Place(cells[i], ends.Length);
                var turning = t[2 * i] * g[2 * i + 1] - t[2 * i + 1] * g[2 * i];
                var fading = t[2 * i] * g[2 * i] + t[2 * i + 1] * g[2 * i + 1];
                var ofHeight = phase * turning - attenuation * fading;
                result[i] = k < 0 ? float.NaN : (float)((ends[k] - starts[k]) * ofHeight);
                if (s is null || k < 0)
                    continue;
                ofStarts[k] += (1 - s[i]) * ofHeight;
                ofEnds[k] += s[i] * ofHeight;
            }
        }
    }

    /// <summary>The cell, or -1 for what no cell is: a position that is not a number shows up in the loss, not as a crash.</summary>
    private static int Place(long cell, int count) => (ulong)cell < (ulong)count ? (int)cell : -1;
}
