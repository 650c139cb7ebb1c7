using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpticalQAT.Optics.Fast;

/// <summary>Eight complex numbers side by side (AVX2 with FMA).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Lanes256(Vector256<float> re, Vector256<float> im) : ILanes<Lanes256>
{
    private readonly Vector256<float> _re = re;
    private readonly Vector256<float> _im = im;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _re.Store(target);
        _im.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes256 Swap() => new(_im, _re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._re + b._re, a._im + b._im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._re - b._re, a._im - b._im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PlusI(Lanes256 a, Lanes256 b) => new(a._re - b._im, a._im + b._re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MinusI(Lanes256 a, Lanes256 b) => new(a._re + b._im, a._im - b._re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, float s) => new(a._re * s, a._im * s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddScaled(Lanes256 a, Lanes256 b, float s)
    {
        var factor = Vector256.Create(s);
        return new(Vector256.MultiplyAddEstimate(b._re, factor, a._re), Vector256.MultiplyAddEstimate(b._im, factor, a._im));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Twiddle(Lanes256 a, float* w)
    {
        var (re, im) = (Vector256.Create(w[0]), Vector256.Create(w[1]));
        return new(
            MultiplySubtract(a._re, re, a._im * im),
            Vector256.MultiplyAddEstimate(a._re, im, a._im * re));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(
        MultiplySubtract(a._re, b._re, a._im * b._im),
        Vector256.MultiplyAddEstimate(a._re, b._im, a._im * b._re));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 TimesConjugate(Lanes256 a, Lanes256 b) => new(
        Vector256.MultiplyAddEstimate(a._re, b._re, a._im * b._im),
        MultiplySubtract(a._im, b._re, a._re * b._im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Deinterleave(float* source)
    {
        var order = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        var low = Vector256.Shuffle(Vector256.Load(source), order);
        var high = Vector256.Shuffle(Vector256.Load(source + 8), order);
        return new(
            Vector256.Create(low.GetLower(), high.GetLower()),
            Vector256.Create(low.GetUpper(), high.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Interleave(float* target)
    {
        var order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Vector256.Shuffle(Vector256.Create(_re.GetLower(), _im.GetLower()), order).Store(target);
        Vector256.Shuffle(Vector256.Create(_re.GetUpper(), _im.GetUpper()), order).Store(target + 8);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Rows k and 4 + k are loaded as the two halves of one register, so that what is left to do is the 4×4 transposition
    /// inside each half: two rounds of zipping.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, float* target)
    {
        for (var part = 0; part < 16; part += 4)
        {
            var (a, b) = (LoadRows(source + part), LoadRows(source + 16 + part));
            var (c, d) = (LoadRows(source + 32 + part), LoadRows(source + 48 + part));
            var rows = target + ((part & 7) * 16) + (part & 8);
            var (ac, bd) = (ZipLow(a, c), ZipLow(b, d));
            ZipLow(ac, bd).Store(rows);
            ZipHigh(ac, bd).Store(rows + 16);
            (ac, bd) = (ZipHigh(a, c), ZipHigh(b, d));
            ZipLow(ac, bd).Store(rows + 32);
            ZipHigh(ac, bd).Store(rows + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LoadRows(float* row) =>
        Vector256.Create(Vector128.Load(row), Vector128.Load(row + 64));

    /// <summary>Zips the lower halves of every 128-bit part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> ZipLow(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.UnpackLow(a, b) : Vector256.Create(
            Lanes128.ZipLow(a.GetLower(), b.GetLower()),
            Lanes128.ZipLow(a.GetUpper(), b.GetUpper()));

    /// <summary>Zips the upper halves of every 128-bit part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> ZipHigh(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.UnpackHigh(a, b) : Vector256.Create(
            Lanes128.ZipHigh(a.GetLower(), b.GetLower()),
            Lanes128.ZipHigh(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplySubtract(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.IsSupported ? Fma.MultiplySubtract(a, b, c) : (a * b) - c;
}
