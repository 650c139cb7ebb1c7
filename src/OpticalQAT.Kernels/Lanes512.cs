using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OpticalQAT.Kernels;

/// <summary>Complex numbers side by side, their real and their imaginary parts in a vector of 512 bits each.</summary>
/// <remarks>
/// This file is the source of all three lengths: the build writes it again with another number (OpticalQAT.Kernels.csproj). One generic type
/// would do if the compiler went on inlining so far; it does not, and such a type runs at half the speed.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Lanes512(Vector512<float> re, Vector512<float> im) : ILanes<Lanes512>
{
    private readonly Vector512<float> _re = re;
    private readonly Vector512<float> _im = im;

    public static int Width => Vector512<float>.Count;

    public Vector512<float> Imaginary => _im;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source), Vector512.Load(source + Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _re.Store(target);
        _im.Store(target + Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes512 Swap() => new(_im, _re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._re + b._re, a._im + b._im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._re - b._re, a._im - b._im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 PlusI(Lanes512 a, Lanes512 b) => new(a._re - b._im, a._im + b._re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MinusI(Lanes512 a, Lanes512 b) => new(a._re + b._im, a._im - b._re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, float s) => new(a._re * s, a._im * s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddScaled(Lanes512 a, Lanes512 b, float s)
    {
        var factor = Vector512.Create(s);
        return new(Vector512.MultiplyAddEstimate(b._re, factor, a._re), Vector512.MultiplyAddEstimate(b._im, factor, a._im));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Twiddle(Lanes512 a, float* w)
    {
        var (re, im) = (Vector512.Create(w[0]), Vector512.Create(w[1]));
        return new(
            Parts.MultiplySubtract(a._re, re, a._im * im),
            Vector512.MultiplyAddEstimate(a._re, im, a._im * re));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(
        Parts.MultiplySubtract(a._re, b._re, a._im * b._im),
        Vector512.MultiplyAddEstimate(a._re, b._im, a._im * b._re));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 TimesConjugate(Lanes512 a, Lanes512 b) => new(
        Vector512.MultiplyAddEstimate(a._re, b._re, a._im * b._im),
        Parts.MultiplySubtract(a._im, b._re, a._re * b._im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Deinterleave(float* source)
    {
        var (low, high) = (Parts.EvenThenOdd(Vector512.Load(source)), Parts.EvenThenOdd(Vector512.Load(source + Width)));
        return new(Vector512.Create(low.GetLower(), high.GetLower()), Vector512.Create(low.GetUpper(), high.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Interleave(float* target)
    {
        Parts.HalvesInTurn(Vector512.Create(_re.GetLower(), _im.GetLower())).Store(target);
        Parts.HalvesInTurn(Vector512.Create(_re.GetUpper(), _im.GetUpper())).Store(target + Width);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Values k, 4 + k, … are loaded as the 128-bit parts of one register, so that what is left to do is the 4×4 transposition
    /// inside each part: two rounds of zipping.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, float* target)
    {
        var value = 2 * Width;
        for (var quad = 0; quad < Width; quad += 4, source += 4, target += 4 * value)
        {
            TransposeQuad(source, target, value);
            TransposeQuad(source + Width, target + Width, value);
        }
    }

    /// <summary>Four lanes of all values, real or imaginary parts, become four values of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeQuad(float* source, float* target, int value)
    {
        Parts.Load(source, 4 * value, out Vector512<float> a);
        Parts.Load(source + value, 4 * value, out Vector512<float> b);
        Parts.Load(source + (2 * value), 4 * value, out Vector512<float> c);
        Parts.Load(source + (3 * value), 4 * value, out Vector512<float> d);
        var (ac, bd) = (Parts.ZipLow(a, c), Parts.ZipLow(b, d));
        Parts.ZipLow(ac, bd).Store(target);
        Parts.ZipHigh(ac, bd).Store(target + value);
        (ac, bd) = (Parts.ZipHigh(a, c), Parts.ZipHigh(b, d));
        Parts.ZipLow(ac, bd).Store(target + (2 * value));
        Parts.ZipHigh(ac, bd).Store(target + (3 * value));
    }
}
