using System.Runtime.Intrinsics;

namespace OpticalQAT.Kernels;

/// <summary>exp(i·φ) of phases, and its gradient Im(conj(t)·g). Phasors are interleaved complex floats.</summary>
internal static unsafe class Phasor
{
    private const int Lanes = 16;

    /// <summary>The phasors.</summary>
    /// <param name="phase">The first of the phases, in radians.</param>
    /// <param name="phasor">The first of as many complex values, written.</param>
    /// <param name="count">The number of phases.</param>
    public static void Of(ref float phase, ref float phasor, long count)
    {
        fixed (float* angle = &phase, t = &phasor)
        {
            var k = 0L;
            for (; k + Lanes <= count; k += Lanes)
            {
                var (sine, cosine) = Vector512.SinCos(Vector512.Load(angle + k));
                new Lanes512(cosine, sine).Interleave(t + 2 * k);
            }
            for (; k < count; k++)
                (t[2 * k + 1], t[2 * k]) = MathF.SinCos(angle[k]);
        }
    }

    /// <summary>The gradient of the phases.</summary>
    /// <param name="phasor">The first of the phasors.</param>
    /// <param name="gradient">The first of their gradients.</param>
    /// <param name="turned">The first of as many floats, written.</param>
    /// <param name="count">The number of phasors.</param>
    public static void Turn(ref float phasor, ref float gradient, ref float turned, long count)
    {
        fixed (float* t = &phasor, g = &gradient, result = &turned)
        {
            var k = 0L;
            for (; k + Lanes <= count; k += Lanes)
                Lanes512.TimesConjugate(Lanes512.Deinterleave(g + 2 * k), Lanes512.Deinterleave(t + 2 * k)).Imaginary.Store(result + k);
            for (; k < count; k++)
                result[k] = g[2 * k + 1] * t[2 * k] - g[2 * k] * t[2 * k + 1];
        }
    }
}
