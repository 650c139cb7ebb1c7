using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OpticalQAT.Optics.Fast;

/// <summary>Four complex numbers side by side: what every processor has (SSE, NEON), or plain arithmetic where it has not.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Lanes128(Vector128<float> re, Vector128<float> im) : ILanes<Lanes128>
{
    private readonly Vector128<float> _re = re;
    private readonly Vector128<float> _im = im;

    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source), Vector128.Load(source + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _re.Store(target);
        _im.Store(target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes128 Swap() => new(_im, _re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a._re + b._re, a._im + b._im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a._re - b._re, a._im - b._im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PlusI(Lanes128 a, Lanes128 b) => new(a._re - b._im, a._im + b._re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MinusI(Lanes128 a, Lanes128 b) => new(a._re + b._im, a._im - b._re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, float s) => new(a._re * s, a._im * s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddScaled(Lanes128 a, Lanes128 b, float s)
    {
        var factor = Vector128.Create(s);
        return new(Vector128.MultiplyAddEstimate(b._re, factor, a._re), Vector128.MultiplyAddEstimate(b._im, factor, a._im));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Twiddle(Lanes128 a, float* w)
    {
        var (re, im) = (Vector128.Create(w[0]), Vector128.Create(w[1]));
        return new(
            MultiplySubtract(a._re, re, a._im * im),
            Vector128.MultiplyAddEstimate(a._re, im, a._im * re));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(
        MultiplySubtract(a._re, b._re, a._im * b._im),
        Vector128.MultiplyAddEstimate(a._re, b._im, a._im * b._re));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 TimesConjugate(Lanes128 a, Lanes128 b) => new(
        Vector128.MultiplyAddEstimate(a._re, b._re, a._im * b._im),
        MultiplySubtract(a._im, b._re, a._re * b._im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Deinterleave(float* source)
    {
        var low = Vector128.Shuffle(Vector128.Load(source), Vector128.Create(0, 2, 1, 3));
        var high = Vector128.Shuffle(Vector128.Load(source + 4), Vector128.Create(0, 2, 1, 3));
        return new(
            Vector128.Create(low.GetLower(), high.GetLower()),
            Vector128.Create(low.GetUpper(), high.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Interleave(float* target)
    {
        ZipLow(_re, _im).Store(target);
        ZipHigh(_re, _im).Store(target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, float* target)
    {
        for (var part = 0; part < 8; part += 4)
        {
            var (a, b) = (Vector128.Load(source + part), Vector128.Load(source + 8 + part));
            var (c, d) = (Vector128.Load(source + 16 + part), Vector128.Load(source + 24 + part));
            var (ac, bd) = (ZipLow(a, c), ZipLow(b, d));
            ZipLow(ac, bd).Store(target + part);
            ZipHigh(ac, bd).Store(target + 8 + part);
            (ac, bd) = (ZipHigh(a, c), ZipHigh(b, d));
            ZipLow(ac, bd).Store(target + 16 + part);
            ZipHigh(ac, bd).Store(target + 24 + part);
        }
    }

    /// <summary>Returns a0, b0, a1, b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>Returns a2, b2, a3, b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MultiplySubtract(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Fma.IsSupported ? Fma.MultiplySubtract(a, b, c) : (a * b) - c;
}
