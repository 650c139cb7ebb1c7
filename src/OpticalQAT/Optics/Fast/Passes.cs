using System.Runtime.CompilerServices;

namespace OpticalQAT.Optics.Fast;

/// <summary>
/// The passes of a transform over a tile: M values of W lanes, one behind the other, one independent line per lane.
/// One kernel for each radix serves both directions; the filter kernels are the last forward pass, the transfer function
/// and the first inverse pass in one sweep.
/// </summary>
/// <remarks>
/// Compiled fully at once (AggressiveOptimization): before tier-up the generic arithmetic runs some fifty times slower,
/// and no profile would improve on loops without branches.
/// </remarks>
internal static unsafe class Passes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Runs one pass over the tile at <paramref name="x"/>; <paramref name="w"/> are the pass's factors.</summary>
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
            case 6:
                Radix6<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            case 8:
                Radix8<TOrder>(pass.Span, pass.Blocks, x, w);
                break;
            default:
                throw new ArgumentException($"No pass of radix {pass.Radix}.", nameof(pass));
        }
    }

    /// <summary>
    /// Runs the pass of span 1, multiplies by the transfer function (or its conjugate) at <paramref name="h"/>, which lies as
    /// the tile does, and runs the pass backwards.
    /// </summary>
    public static void Filter<TFilter>(in FourierPass pass, float* x, float* h)
        where TFilter : struct, IFilter
    {
        switch (pass.Radix)
        {
            case 2:
                Filter2<TFilter>(pass.Blocks, x, h);
                break;
            case 3:
                Filter3<TFilter>(pass.Blocks, x, h);
                break;
            case 4:
                Filter4<TFilter>(pass.Blocks, x, h);
                break;
            case 5:
                Filter5<TFilter>(pass.Blocks, x, h);
                break;
            default:
                throw new ArgumentException($"No pass of radix {pass.Radix}.", nameof(pass));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<TOrder>(float* x)
        where TOrder : struct, IPassOrder => TOrder.IsInverse ? T.Load(x).Swap() : T.Load(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<TOrder>(float* x, float* w)
        where TOrder : struct, IPassOrder =>
        TOrder.IsInverse && TOrder.HasFactors ? T.Twiddle(T.Load(x).Swap(), w) : Load<TOrder>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TOrder>(float* x, T value)
        where TOrder : struct, IPassOrder => (TOrder.IsInverse ? value.Swap() : value).Store(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TOrder>(float* x, T value, float* w)
        where TOrder : struct, IPassOrder =>
        Store<TOrder>(x, TOrder.HasFactors && !TOrder.IsInverse ? T.Twiddle(value, w) : value);

    /// <summary>Multiplies by the transfer function and exchanges the parts for the inverse that follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Filter<TFilter>(T value, float* h)
        where TFilter : struct, IFilter =>
        (TFilter.IsAdjoint ? T.TimesConjugate(value, T.Load(h)) : value * T.Load(h)).Swap();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix2<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var step = (nint)span * 2 * T.Width;
        for (; blocks > 0; blocks--, x += step)
        {
            var w = factors;
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 2)
            {
                T a = Load<TOrder>(x),
                    b = Load<TOrder>(x + step, w);
                Butterflies.Radix2(ref a, ref b);
                Store<TOrder>(x, a);
                Store<TOrder>(x + step, b, w);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix3<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var step = (nint)span * 2 * T.Width;
        for (; blocks > 0; blocks--, x += 2 * step)
        {
            var w = factors;
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 4)
            {
                T a = Load<TOrder>(x),
                    b = Load<TOrder>(x + step, w),
                    c = Load<TOrder>(x + (2 * step), w + 2);
                Butterflies.Radix3(ref a, ref b, ref c);
                Store<TOrder>(x, a);
                Store<TOrder>(x + step, b, w);
                Store<TOrder>(x + (2 * step), c, w + 2);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix4<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var step = (nint)span * 2 * T.Width;
        for (; blocks > 0; blocks--, x += 3 * step)
        {
            var w = factors;
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 6)
            {
                T a = Load<TOrder>(x),
                    b = Load<TOrder>(x + step, w),
                    c = Load<TOrder>(x + (2 * step), w + 2),
                    d = Load<TOrder>(x + (3 * step), w + 4);
                Butterflies.Radix4(ref a, ref b, ref c, ref d);
                Store<TOrder>(x, a);
                Store<TOrder>(x + step, b, w);
                Store<TOrder>(x + (2 * step), c, w + 2);
                Store<TOrder>(x + (3 * step), d, w + 4);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix5<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var step = (nint)span * 2 * T.Width;
        for (; blocks > 0; blocks--, x += 4 * step)
        {
            var w = factors;
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 8)
            {
                T a = Load<TOrder>(x),
                    b = Load<TOrder>(x + step, w),
                    c = Load<TOrder>(x + (2 * step), w + 2),
                    d = Load<TOrder>(x + (3 * step), w + 4),
                    e = Load<TOrder>(x + (4 * step), w + 6);
                Butterflies.Radix5(ref a, ref b, ref c, ref d, ref e);
                Store<TOrder>(x, a);
                Store<TOrder>(x + step, b, w);
                Store<TOrder>(x + (2 * step), c, w + 2);
                Store<TOrder>(x + (3 * step), d, w + 4);
                Store<TOrder>(x + (4 * step), e, w + 6);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix6<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var step = (nint)span * 2 * T.Width;
        for (; blocks > 0; blocks--, x += 5 * step)
        {
            var w = factors;
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 10)
            {
                T a = Load<TOrder>(x),
                    b = Load<TOrder>(x + step, w),
                    c = Load<TOrder>(x + (2 * step), w + 2),
                    d = Load<TOrder>(x + (3 * step), w + 4),
                    e = Load<TOrder>(x + (4 * step), w + 6),
                    f = Load<TOrder>(x + (5 * step), w + 8);
                Butterflies.Radix6(ref a, ref b, ref c, ref d, ref e, ref f);
                Store<TOrder>(x, a);
                Store<TOrder>(x + step, b, w);
                Store<TOrder>(x + (2 * step), c, w + 2);
                Store<TOrder>(x + (3 * step), d, w + 4);
                Store<TOrder>(x + (4 * step), e, w + 6);
                Store<TOrder>(x + (5 * step), f, w + 8);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix8<TOrder>(int span, int blocks, float* x, float* factors)
        where TOrder : struct, IPassOrder
    {
        var step = (nint)span * 2 * T.Width;
        for (; blocks > 0; blocks--, x += 7 * step)
        {
            var w = factors;
            for (var j = 0; j < span; j++, x += 2 * T.Width, w += 14)
            {
                T a = Load<TOrder>(x),
                    b = Load<TOrder>(x + step, w),
                    c = Load<TOrder>(x + (2 * step), w + 2),
                    d = Load<TOrder>(x + (3 * step), w + 4),
                    e = Load<TOrder>(x + (4 * step), w + 6),
                    f = Load<TOrder>(x + (5 * step), w + 8),
                    g = Load<TOrder>(x + (6 * step), w + 10),
                    h = Load<TOrder>(x + (7 * step), w + 12);
                Butterflies.Radix8(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
                Store<TOrder>(x, a);
                Store<TOrder>(x + step, b, w);
                Store<TOrder>(x + (2 * step), c, w + 2);
                Store<TOrder>(x + (3 * step), d, w + 4);
                Store<TOrder>(x + (4 * step), e, w + 6);
                Store<TOrder>(x + (5 * step), f, w + 8);
                Store<TOrder>(x + (6 * step), g, w + 10);
                Store<TOrder>(x + (7 * step), h, w + 12);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter2<TFilter>(int blocks, float* x, float* transfer)
        where TFilter : struct, IFilter
    {
        var width = 2 * T.Width;
        for (; blocks > 0; blocks--, x += 2 * width, transfer += 2 * width)
        {
            var a = T.Load(x);
            var b = T.Load(x + width);
            Butterflies.Radix2(ref a, ref b);
            a = Filter<TFilter>(a, transfer);
            b = Filter<TFilter>(b, transfer + width);
            Butterflies.Radix2(ref a, ref b);
            a.Swap().Store(x);
            b.Swap().Store(x + width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter3<TFilter>(int blocks, float* x, float* transfer)
        where TFilter : struct, IFilter
    {
        var width = 2 * T.Width;
        for (; blocks > 0; blocks--, x += 3 * width, transfer += 3 * width)
        {
            var a = T.Load(x);
            var b = T.Load(x + width);
            var c = T.Load(x + (2 * width));
            Butterflies.Radix3(ref a, ref b, ref c);
            a = Filter<TFilter>(a, transfer);
            b = Filter<TFilter>(b, transfer + width);
            c = Filter<TFilter>(c, transfer + (2 * width));
            Butterflies.Radix3(ref a, ref b, ref c);
            a.Swap().Store(x);
            b.Swap().Store(x + width);
            c.Swap().Store(x + (2 * width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter4<TFilter>(int blocks, float* x, float* transfer)
        where TFilter : struct, IFilter
    {
        var width = 2 * T.Width;
        for (; blocks > 0; blocks--, x += 4 * width, transfer += 4 * width)
        {
            var a = T.Load(x);
            var b = T.Load(x + width);
            var c = T.Load(x + (2 * width));
            var d = T.Load(x + (3 * width));
            Butterflies.Radix4(ref a, ref b, ref c, ref d);
            a = Filter<TFilter>(a, transfer);
            b = Filter<TFilter>(b, transfer + width);
            c = Filter<TFilter>(c, transfer + (2 * width));
            d = Filter<TFilter>(d, transfer + (3 * width));
            Butterflies.Radix4(ref a, ref b, ref c, ref d);
            a.Swap().Store(x);
            b.Swap().Store(x + width);
            c.Swap().Store(x + (2 * width));
            d.Swap().Store(x + (3 * width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter5<TFilter>(int blocks, float* x, float* transfer)
        where TFilter : struct, IFilter
    {
        var width = 2 * T.Width;
        for (; blocks > 0; blocks--, x += 5 * width, transfer += 5 * width)
        {
            var a = T.Load(x);
            var b = T.Load(x + width);
            var c = T.Load(x + (2 * width));
            var d = T.Load(x + (3 * width));
            var e = T.Load(x + (4 * width));
            Butterflies.Radix5(ref a, ref b, ref c, ref d, ref e);
            a = Filter<TFilter>(a, transfer);
            b = Filter<TFilter>(b, transfer + width);
            c = Filter<TFilter>(c, transfer + (2 * width));
            d = Filter<TFilter>(d, transfer + (3 * width));
            e = Filter<TFilter>(e, transfer + (4 * width));
            Butterflies.Radix5(ref a, ref b, ref c, ref d, ref e);
            a.Swap().Store(x);
            b.Swap().Store(x + width);
            c.Swap().Store(x + (2 * width));
            d.Swap().Store(x + (3 * width));
            e.Swap().Store(x + (4 * width));
        }
    }
}
