using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpticalQAT.Optics.Fast;

/// <summary>Sixteen complex numbers side by side (AVX-512).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Lanes512(Vector512<float> re, Vector512<float> im) : ILanes<Lanes512>
{
    private readonly Vector512<float> _re = re;
    private readonly Vector512<float> _im = im;

    public static int Width => 16;

    public Vector512<float> Imaginary => _im;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source), Vector512.Load(source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _re.Store(target);
        _im.Store(target + 16);
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
            MultiplySubtract(a._re, re, a._im * im),
            Vector512.MultiplyAddEstimate(a._re, im, a._im * re));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(
        MultiplySubtract(a._re, b._re, a._im * b._im),
        Vector512.MultiplyAddEstimate(a._re, b._im, a._im * b._re));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 TimesConjugate(Lanes512 a, Lanes512 b) => new(
        Vector512.MultiplyAddEstimate(a._re, b._re, a._im * b._im),
        MultiplySubtract(a._im, b._re, a._re * b._im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Deinterleave(float* source)
    {
        var order = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
        var low = Vector512.Shuffle(Vector512.Load(source), order);
        var high = Vector512.Shuffle(Vector512.Load(source + 16), order);
        return new(
            Vector512.Create(low.GetLower(), high.GetLower()),
            Vector512.Create(low.GetUpper(), high.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Interleave(float* target)
    {
        var order = Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
        Vector512.Shuffle(Vector512.Create(_re.GetLower(), _im.GetLower()), order).Store(target);
        Vector512.Shuffle(Vector512.Create(_re.GetUpper(), _im.GetUpper()), order).Store(target + 16);
    }

    /// <inheritdoc/>
    /// <remarks>As in <see cref="Lanes256"/>: rows k, 4 + k, 8 + k and 12 + k are the four parts of one register.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, float* target)
    {
        for (var part = 0; part < 32; part += 4)
        {
            var (a, b) = (LoadRows(source + part), LoadRows(source + 32 + part));
            var (c, d) = (LoadRows(source + 64 + part), LoadRows(source + 96 + part));
            var rows = target + ((part & 15) * 32) + (part & 16);
            var (ac, bd) = (ZipLow(a, c), ZipLow(b, d));
            ZipLow(ac, bd).Store(rows);
            ZipHigh(ac, bd).Store(rows + 32);
            (ac, bd) = (ZipHigh(a, c), ZipHigh(b, d));
            ZipLow(ac, bd).Store(rows + 64);
            ZipHigh(ac, bd).Store(rows + 96);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LoadRows(float* row) => Vector512.Create(
        Vector256.Create(Vector128.Load(row), Vector128.Load(row + 128)),
        Vector256.Create(Vector128.Load(row + 256), Vector128.Load(row + 384)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ZipLow(Vector512<float> a, Vector512<float> b) =>
        Avx512F.IsSupported ? Avx512F.UnpackLow(a, b) : Vector512.Create(
            Lanes256.ZipLow(a.GetLower(), b.GetLower()),
            Lanes256.ZipLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ZipHigh(Vector512<float> a, Vector512<float> b) =>
        Avx512F.IsSupported ? Avx512F.UnpackHigh(a, b) : Vector512.Create(
            Lanes256.ZipHigh(a.GetLower(), b.GetLower()),
            Lanes256.ZipHigh(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplySubtract(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Avx512F.IsSupported ? Avx512F.FusedMultiplySubtract(a, b, c) : (a * b) - c;
}
