using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpticalQAT.Kernels;

/// <summary>The intensity |u|² of fields, and its gradient 2·u·g. Fields are interleaved complex floats.</summary>
internal static unsafe class Intensity
{
    /// <summary>|u|² of each value.</summary>
    /// <param name="field">The first of the values.</param>
    /// <param name="intensity">The first of as many floats, written.</param>
    /// <param name="count">The number of values.</param>
    public static void Square(ref float field, ref float intensity, long count)
    {
        fixed (float* u = &field, i = &intensity)
        {
            var k = 0L;
            for (; k + Vector256<float>.Count <= count; k += Vector256<float>.Count)
            {
                var low = Vector256.Load(u + 2 * k);
                var high = Vector256.Load(u + 2 * k + Vector256<float>.Count);
                (low, high) = (low * low, high * high);
                // squares of the real parts stand at the even places, of the imaginary ones at the odd places
                var real = Vector256.Create(Pick(low, Vector128.Create(0, 2, 0, 2)), Pick(high, Vector128.Create(0, 2, 0, 2)));
                var imaginary = Vector256.Create(Pick(low, Vector128.Create(1, 3, 1, 3)), Pick(high, Vector128.Create(1, 3, 1, 3)));
                (real + imaginary).Store(i + k);
            }
            for (; k < count; k++)
                i[k] = u[2 * k] * u[2 * k] + u[2 * k + 1] * u[2 * k + 1];
        }
    }

    /// <summary>2·u·g of each value: the gradient of the field.</summary>
    /// <param name="field">The first of the values.</param>
    /// <param name="gradient">The first of the intensities' gradients.</param>
    /// <param name="scaled">The first of as many complex values, written.</param>
    /// <param name="count">The number of values.</param>
    public static void Scale(ref float field, ref float gradient, ref float scaled, long count)
    {
        fixed (float* u = &field, g = &gradient, s = &scaled)
        {
            var k = 0L;
            for (; k + Vector128<float>.Count <= count; k += Vector128<float>.Count)
            {
                var twice = 2 * Vector128.Load(g + k);
                var pairs = Vector256.Create(
                    Vector128.Shuffle(twice, Vector128.Create(0, 0, 1, 1)), Vector128.Shuffle(twice, Vector128.Create(2, 2, 3, 3)));
                (pairs * Vector256.Load(u + 2 * k)).Store(s + 2 * k);
            }
            for (; k < count; k++)
                (s[2 * k], s[2 * k + 1]) = (2 * g[k] * u[2 * k], 2 * g[k] * u[2 * k + 1]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pick(Vector256<float> v, Vector128<int> places) => Vector128.Create(
        Vector128.Shuffle(v.GetLower(), places).GetLower(), Vector128.Shuffle(v.GetUpper(), places).GetLower());
}
