using System.Runtime.CompilerServices;

namespace OpticalQAT.Kernels;

/// <summary>
/// The passes of a transform over a tile: M values of W lanes, one behind the other, one independent line per lane.
/// One kernel for each radix; what stands around its butterflies is the <see cref="PassKind"/>.
/// </summary>
/// <remarks>
/// Compiled fully at once (AggressiveOptimization): before tier-up the generic arithmetic runs some fifty times slower,
/// and no profile would improve on loops without branches.
/// </remarks>
internal static unsafe class Passes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Runs one pass over the tile.</summary>
    /// <param name="pass">Radix, span and blocks.</param>
    /// <param name="x">The tile.</param>
    /// <param name="w">The factors of the pass; for the filters, the transfer function, which lies as the tile does.</param>
    /// <typeparam name="TOrder">
    /// The kind; all but Forward and Inverse are for the pass of span 1. No filters of radix 6 and 8: their kernels would hold
    /// more than the registers do, and more calls than the compiler is ready to inline.
    /// </typeparam>
    public static void Run<TOrder>(in FourierPass pass, float* x, float* w)
        where TOrder : struct, IPassOrder
    {
        switch (pass.Radix)
        {
            case 2:
                Radix2<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            case 3:
                Radix3<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            case 4:
                Radix4<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            case 5:
                Radix5<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            case 6 when !IsFilter<TOrder>():
                Radix6<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            case 8 when !IsFilter<TOrder>():
                Radix8<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            default:
                throw new ArgumentException($"No pass of radix {pass.Radix}.", nameof(pass));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix2<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var s = (nint)span * 2 * T.Width;
        for (var w = factors; blocks > 0; blocks--, x += s, w = NextBlock<TOrder>(factors, w))
        {
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += Stride<TOrder>(2))
            {
                T a = Load<TOrder>(x), b = Load<TOrder>(x + s, w, 0);
                Butterflies.Radix2(ref a, ref b);
                if (IsFilter<TOrder>())
                {
                    a = Multiply<TOrder>(a, w, 0);
                    b = Multiply<TOrder>(b, w, 1);
                    Butterflies.Radix2(ref a, ref b);
                }
                Store<TOrder>(x, a);
                Store<TOrder>(x + s, b, w, 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix3<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var s = (nint)span * 2 * T.Width;
        for (var w = factors; blocks > 0; blocks--, x += 2 * s, w = NextBlock<TOrder>(factors, w))
        {
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += Stride<TOrder>(3))
            {
                T a = Load<TOrder>(x), b = Load<TOrder>(x + s, w, 0);
                var c = Load<TOrder>(x + (2 * s), w, 1);
                Butterflies.Radix3(ref a, ref b, ref c);
                if (IsFilter<TOrder>())
                {
                    a = Multiply<TOrder>(a, w, 0);
                    b = Multiply<TOrder>(b, w, 1);
                    c = Multiply<TOrder>(c, w, 2);
                    Butterflies.Radix3(ref a, ref b, ref c);
                }
                Store<TOrder>(x, a);
                Store<TOrder>(x + s, b, w, 0);
                Store<TOrder>(x + (2 * s), c, w, 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix4<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var s = (nint)span * 2 * T.Width;
        for (var w = factors; blocks > 0; blocks--, x += 3 * s, w = NextBlock<TOrder>(factors, w))
        {
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += Stride<TOrder>(4))
            {
                T a = Load<TOrder>(x), b = Load<TOrder>(x + s, w, 0);
                T c = Load<TOrder>(x + (2 * s), w, 1), d = Load<TOrder>(x + (3 * s), w, 2);
                Butterflies.Radix4(ref a, ref b, ref c, ref d);
                if (IsFilter<TOrder>())
                {
                    a = Multiply<TOrder>(a, w, 0);
                    b = Multiply<TOrder>(b, w, 1);
                    c = Multiply<TOrder>(c, w, 2);
                    d = Multiply<TOrder>(d, w, 3);
                    Butterflies.Radix4(ref a, ref b, ref c, ref d);
                }
                Store<TOrder>(x, a);
                Store<TOrder>(x + s, b, w, 0);
                Store<TOrder>(x + (2 * s), c, w, 1);
                Store<TOrder>(x + (3 * s), d, w, 2);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix5<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var s = (nint)span * 2 * T.Width;
        for (var w = factors; blocks > 0; blocks--, x += 4 * s, w = NextBlock<TOrder>(factors, w))
        {
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += Stride<TOrder>(5))
            {
                T a = Load<TOrder>(x), b = Load<TOrder>(x + s, w, 0);
                T c = Load<TOrder>(x + (2 * s), w, 1), d = Load<TOrder>(x + (3 * s), w, 2);
                var e = Load<TOrder>(x + (4 * s), w, 3);
                Butterflies.Radix5(ref a, ref b, ref c, ref d, ref e);
                if (IsFilter<TOrder>())
                {
                    a = Multiply<TOrder>(a, w, 0);
                    b = Multiply<TOrder>(b, w, 1);
                    c = Multiply<TOrder>(c, w, 2);
                    d = Multiply<TOrder>(d, w, 3);
                    e = Multiply<TOrder>(e, w, 4);
                    Butterflies.Radix5(ref a, ref b, ref c, ref d, ref e);
                }
                Store<TOrder>(x, a);
                Store<TOrder>(x + s, b, w, 0);
                Store<TOrder>(x + (2 * s), c, w, 1);
                Store<TOrder>(x + (3 * s), d, w, 2);
                Store<TOrder>(x + (4 * s), e, w, 3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix6<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var s = (nint)span * 2 * T.Width;
        for (var w = factors; blocks > 0; blocks--, x += 5 * s, w = factors)
        {
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 10)
            {
                T a = Load<TOrder>(x), b = Load<TOrder>(x + s, w, 0);
                T c = Load<TOrder>(x + (2 * s), w, 1), d = Load<TOrder>(x + (3 * s), w, 2);
                T e = Load<TOrder>(x + (4 * s), w, 3), f = Load<TOrder>(x + (5 * s), w, 4);
                Butterflies.Radix6(ref a, ref b, ref c, ref d, ref e, ref f);
                Store<TOrder>(x, a);
                Store<TOrder>(x + s, b, w, 0);
                Store<TOrder>(x + (2 * s), c, w, 1);
                Store<TOrder>(x + (3 * s), d, w, 2);
                Store<TOrder>(x + (4 * s), e, w, 3);
                Store<TOrder>(x + (5 * s), f, w, 4);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix8<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var s = (nint)span * 2 * T.Width;
        for (var w = factors; blocks > 0; blocks--, x += 7 * s, w = factors)
        {
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 14)
            {
                T a = Load<TOrder>(x), b = Load<TOrder>(x + s, w, 0);
                T c = Load<TOrder>(x + (2 * s), w, 1), d = Load<TOrder>(x + (3 * s), w, 2);
                T e = Load<TOrder>(x + (4 * s), w, 3), f = Load<TOrder>(x + (5 * s), w, 4);
                T g = Load<TOrder>(x + (6 * s), w, 5), h = Load<TOrder>(x + (7 * s), w, 6);
                Butterflies.Radix8(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
                Store<TOrder>(x, a);
                Store<TOrder>(x + s, b, w, 0);
                Store<TOrder>(x + (2 * s), c, w, 1);
                Store<TOrder>(x + (3 * s), d, w, 2);
                Store<TOrder>(x + (4 * s), e, w, 3);
                Store<TOrder>(x + (5 * s), f, w, 4);
                Store<TOrder>(x + (6 * s), g, w, 5);
                Store<TOrder>(x + (7 * s), h, w, 6);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFilter<TOrder>()
        where TOrder : struct, IPassOrder => TOrder.Kind is PassKind.Filter or PassKind.FilterAdjoint;

    /// <summary>Factors of one butterfly, in floats; a filter goes on through the transfer function instead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Stride<TOrder>(int radix)
        where TOrder : struct, IPassOrder => IsFilter<TOrder>() ? radix * 2 * T.Width : 2 * (radix - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* NextBlock<TOrder>(float* factors, float* w)
        where TOrder : struct, IPassOrder => IsFilter<TOrder>() ? w : factors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<TOrder>(float* x)
        where TOrder : struct, IPassOrder =>
        TOrder.Kind is PassKind.Inverse or PassKind.InverseFirst ? T.Load(x).Swap() : T.Load(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<TOrder>(float* x, float* w, int factor)
        where TOrder : struct, IPassOrder =>
        TOrder.Kind is PassKind.Inverse ? T.Twiddle(T.Load(x).Swap(), w + (2 * factor)) : Load<TOrder>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TOrder>(float* x, T value)
        where TOrder : struct, IPassOrder =>
        (TOrder.Kind is PassKind.Forward or PassKind.ForwardLast ? value : value.Swap()).Store(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TOrder>(float* x, T value, float* w, int factor)
        where TOrder : struct, IPassOrder =>
        Store<TOrder>(x, TOrder.Kind is PassKind.Forward ? T.Twiddle(value, w + (2 * factor)) : value);

    /// <summary>Multiplies by the transfer function and exchanges the parts for the inverse that follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Multiply<TOrder>(T value, float* transfer, int point)
        where TOrder : struct, IPassOrder
    {
        var h = T.Load(transfer + (point * 2 * T.Width));
        return (TOrder.Kind is PassKind.Filter ? value * h : T.TimesConjugate(value, h)).Swap();
    }
}
