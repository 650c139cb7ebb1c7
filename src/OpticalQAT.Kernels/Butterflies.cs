using System.Runtime.CompilerServices;

namespace OpticalQAT.Kernels;

/// <summary>
/// Discrete Fourier transforms of 2 to 8 points in place, X[k] = Σⱼ x[j]·exp(-2πi·jk/R), inputs and outputs in natural order.
/// The inverse (without its 1/R) is the same code on values whose real and imaginary parts are exchanged before and after.
/// </summary>
internal static class Butterflies
{
    private const float Half = 0.5f;
    private const float SqrtHalf = 0.70710678118654752f;
    private const float Sin60 = 0.86602540378443865f;
    private const float Cos72 = 0.30901699437494742f;
    private const float Cos144 = -0.80901699437494742f;
    private const float Sin72 = 0.95105651629515357f;
    private const float Sin144 = 0.58778525229247313f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Radix2<T>(ref T a, ref T b)
        where T : unmanaged, ILanes<T> => (a, b) = (a + b, a - b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Radix3<T>(ref T a, ref T b, ref T c)
        where T : unmanaged, ILanes<T>
    {
        T sum = b + c, turn = (b - c) * Sin60;
        var middle = T.AddScaled(a, sum, -Half);
        a += sum;
        b = T.MinusI(middle, turn);
        c = T.PlusI(middle, turn);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Radix4<T>(ref T a, ref T b, ref T c, ref T d)
        where T : unmanaged, ILanes<T>
    {
        T even = a + c, evenTurn = a - c;
        T odd = b + d, oddTurn = b - d;
        a = even + odd;
        c = even - odd;
        b = T.MinusI(evenTurn, oddTurn);
        d = T.PlusI(evenTurn, oddTurn);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Radix5<T>(ref T a, ref T b, ref T c, ref T d, ref T e)
        where T : unmanaged, ILanes<T>
    {
        T outer = b + e, outerTurn = b - e;
        T inner = c + d, innerTurn = c - d;
        var first = T.AddScaled(T.AddScaled(a, outer, Cos72), inner, Cos144);
        var second = T.AddScaled(T.AddScaled(a, outer, Cos144), inner, Cos72);
        var firstTurn = T.AddScaled(outerTurn * Sin72, innerTurn, Sin144);
        var secondTurn = T.AddScaled(outerTurn * Sin144, innerTurn, -Sin72);
        a = a + outer + inner;
        b = T.MinusI(first, firstTurn);
        e = T.PlusI(first, firstTurn);
        c = T.MinusI(second, secondTurn);
        d = T.PlusI(second, secondTurn);
    }

    /// <summary>
    /// As 2·3 with coprime factors (Good, 1958): j = 3j₁ + 2j₂ mod 6 separates the two sums, no factors between them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Radix6<T>(ref T a, ref T b, ref T c, ref T d, ref T e, ref T f)
        where T : unmanaged, ILanes<T>
    {
        Radix3(ref a, ref c, ref e);
        Radix3(ref d, ref f, ref b);
        (a, d) = (a + d, a - d);
        (e, b) = (e + b, e - b);
        (c, f) = (c + f, c - f);
        // c, f stand for k = 1 of the sums of three, e, b for k = 2; X[k] = even[k mod 3] ± odd[k mod 3], minus for odd k
        (b, c, e, f) = (f, e, c, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Radix8<T>(
        ref T a, ref T b, ref T c, ref T d, ref T e, ref T f, ref T g, ref T h)
        where T : unmanaged, ILanes<T>
    {
        T aTurn = a - e, bTurn = b - f, cTurn = c - g, dTurn = d - h;
        a += e;
        b += f;
        c += g;
        d += h;
        Radix4(ref a, ref b, ref c, ref d);
        (e, g) = (c, d);
        c = b;

        // the odd outputs: a sum of four over (x[j] - x[j+4])·exp(-2πi·j/8), its factor -i merged into the additions
        bTurn = T.MinusI(bTurn, bTurn) * SqrtHalf;
        dTurn = T.PlusI(dTurn, dTurn) * -SqrtHalf;
        T even = T.MinusI(aTurn, cTurn), evenTurn = T.PlusI(aTurn, cTurn);
        T odd = bTurn + dTurn, oddTurn = bTurn - dTurn;
        b = even + odd;
        f = even - odd;
        d = T.MinusI(evenTurn, oddTurn);
        h = T.PlusI(evenTurn, oddTurn);
    }
}
