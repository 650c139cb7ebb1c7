using System.Numerics;
using System.Runtime.InteropServices;

namespace OpticalQAT.Kernels;

/// <summary>A rectangle of a plane, in samples.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rectangle(int Left, int Top, int Width, int Height);

/// <summary>The power Σ|u|² in rectangles of fields, and its gradient 2·u·g inside. Fields are interleaved complex floats, [B, N, N].</summary>
internal static unsafe class RegionPower
{
    /// <summary>The powers.</summary>
    /// <param name="field">The first value of the fields.</param>
    /// <param name="regions">Within the plane.</param>
    /// <param name="power">The first of [B, regions], written.</param>
    /// <param name="batch">B.</param>
    /// <param name="size">N.</param>
    public static void Sum(ref float field, Rectangle[] regions, ref float power, long batch, int size)
    {
        fixed (float* fields = &field, powers = &power)
        {
            float* u = fields, p = powers;
            for (var sample = 0L; sample < batch; sample++, u += 2L * size * size)
            {
                foreach (var region in regions)
                {
                    var sum = Vector<float>.Zero;
                    var rest = 0f;
                    for (var row = region.Top; row < region.Top + region.Height; row++)
                    {
                        var line = u + 2 * (row * size + region.Left);
                        var i = 0;
                        for (; i + Vector<float>.Count <= 2 * region.Width; i += Vector<float>.Count)
                            sum = Vector.MultiplyAddEstimate(Vector.Load(line + i), Vector.Load(line + i), sum);
                        for (; i < 2 * region.Width; i++)
                            rest += line[i] * line[i];
                    }
                    *p++ = Vector.Sum(sum) + rest;
                }
            }
        }
    }

    /// <summary>The gradient of the fields, summed where regions overlap.</summary>
    /// <param name="field">The first value of the fields.</param>
    /// <param name="regions">As they were.</param>
    /// <param name="gradient">The first of the powers' gradients, [B, regions].</param>
    /// <param name="spread">The first value of as many fields, all zero, added to.</param>
    /// <param name="batch">B.</param>
    /// <param name="size">N.</param>
    public static void Spread(ref float field, Rectangle[] regions, ref float gradient, ref float spread, long batch, int size)
    {
        fixed (float* fields = &field, gradients = &gradient, spreads = &spread)
        {
            float* u = fields, g = gradients, s = spreads;
            for (var sample = 0L; sample < batch; sample++, u += 2L * size * size, s += 2L * size * size)
            {
                foreach (var region in regions)
                {
                    var twice = 2 * *g++;
                    for (var row = region.Top; row < region.Top + region.Height; row++)
                    {
                        var (offset, i) = (2 * (row * size + region.Left), 0);
                        for (; i + Vector<float>.Count <= 2 * region.Width; i += Vector<float>.Count)
                            (Vector.Load(s + offset + i) + Vector.Load(u + offset + i) * twice).Store(s + offset + i);
                        for (; i < 2 * region.Width; i++)
                            s[offset + i] += u[offset + i] * twice;
                    }
                }
            }
        }
    }
}
