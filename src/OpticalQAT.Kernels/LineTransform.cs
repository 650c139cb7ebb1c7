using System.Runtime.CompilerServices;

namespace OpticalQAT.Kernels;

/// <summary>
/// The transforms of lines of N points, padded with zeros to M, and back to their first N points; W lines at once.
/// Where the plan begins with radix 4 and N ≤ M/2, the first pass knows the upper half to be zero and the last one never works
/// it out; they read and write the field directly. Otherwise the line is copied.
/// </summary>
/// <param name="plan">The transform of length M.</param>
/// <param name="points">N, at most M.</param>
internal sealed unsafe class LineTransform<T>(FourierPlan plan, int points)
    where T : unmanaged, ILanes<T>
{
    private readonly bool _skipsZeros = plan.Passes[0].Radix == 4 && 2 * points <= plan.Length;

    /// <summary>Transforms the N values of <paramref name="source"/> from <paramref name="offset"/> on into the tile, in plan order.</summary>
    public void Forward<TSource>(TSource source, nint offset, float* tile)
        where TSource : struct, IFieldSource<T>
    {
        Enter(source, offset, tile);
        Passes<T>.Run<ForwardLast>(plan.Passes[^1], tile, null);
    }

    /// <summary>Transforms the tile, which is in plan order, back and writes the first N values, M times too large.</summary>
    public void Inverse<TSink>(float* tile, TSink sink, nint offset)
        where TSink : struct, IFieldSink<T>
    {
        Passes<T>.Run<InverseFirst>(plan.Passes[^1], tile, null);
        Leave(tile, sink, offset);
    }

    /// <summary>
    /// Transforms N values, multiplies by the M values (in plan order) of <paramref name="transfer"/> or their conjugates,
    /// transforms back and writes N values in place, M times too large.
    /// </summary>
    public void Filter<TFilter>(float* line, float* transfer, float* tile)
        where TFilter : struct, IPassOrder
    {
        var port = new BareField<T>(line);
        Enter(port, 0, tile);
        Passes<T>.Run<TFilter>(plan.Passes[^1], tile, transfer);
        Leave(tile, port, 0);
    }

    private void Enter<TSource>(TSource source, nint offset, float* tile)
        where TSource : struct, IFieldSource<T>
    {
        var first = _skipsZeros ? 1 : 0;
        if (_skipsZeros)
            FirstPass(source, offset, tile);
        else
            CopyIn(source, offset, tile);
        for (var i = first; i < plan.Passes.Length - 1; i++)
            Passes<T>.Run<Forward>(plan.Passes[i], tile, plan.Factors.Start + plan.Passes[i].Factors);
    }

    private void Leave<TSink>(float* tile, TSink sink, nint offset)
        where TSink : struct, IFieldSink<T>
    {
        var first = _skipsZeros ? 1 : 0;
        for (var i = plan.Passes.Length - 2; i >= first; i--)
            Passes<T>.Run<Inverse>(plan.Passes[i], tile, plan.Factors.Start + plan.Passes[i].Factors);
        if (_skipsZeros)
            LastPass(tile, sink, offset);
        else
            CopyOut(tile, sink, offset);
    }

    /// <summary>Radix 4 with points j + 2S and j + 3S zero (S = M/4), and for j ≥ N-S also j + S, for j ≥ N all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FirstPass<TSource>(TSource source, nint offset, float* tile)
        where TSource : struct, IFieldSource<T>
    {
        var (span, width) = (plan.Length / 4, 2 * T.Width);
        var step = (nint)span * width;
        var w = plan.Factors.Start;
        var (both, any) = (Math.Max(points - span, 0), Math.Min(points, span));
        var j = 0;
        for (; j < both; j++, offset += width, tile += width, w += 6)
        {
            T a = source.Load(offset), b = source.Load(offset + step);
            (a + b).Store(tile);
            T.Twiddle(T.MinusI(a, b), w).Store(tile + step);
            T.Twiddle(a - b, w + 2).Store(tile + (2 * step));
            T.Twiddle(T.PlusI(a, b), w + 4).Store(tile + (3 * step));
        }
        for (; j < any; j++, offset += width, tile += width, w += 6)
        {
            var a = source.Load(offset);
            a.Store(tile);
            T.Twiddle(a, w).Store(tile + step);
            T.Twiddle(a, w + 2).Store(tile + (2 * step));
            T.Twiddle(a, w + 4).Store(tile + (3 * step));
        }
        for (; j < span; j++, tile += width)
        {
            default(T).Store(tile);
            default(T).Store(tile + step);
            default(T).Store(tile + (2 * step));
            default(T).Store(tile + (3 * step));
        }
    }

    /// <summary>The mirror of the first pass: only the points below N are worked out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LastPass<TSink>(float* tile, TSink sink, nint offset)
        where TSink : struct, IFieldSink<T>
    {
        var (span, width) = (plan.Length / 4, 2 * T.Width);
        var step = (nint)span * width;
        var w = plan.Factors.Start;
        var (both, any) = (Math.Max(points - span, 0), Math.Min(points, span));
        for (var j = 0; j < any; j++, offset += width, tile += width, w += 6)
        {
            var a = T.Load(tile).Swap();
            var b = T.Twiddle(T.Load(tile + step).Swap(), w);
            var c = T.Twiddle(T.Load(tile + (2 * step)).Swap(), w + 2);
            var d = T.Twiddle(T.Load(tile + (3 * step)).Swap(), w + 4);
            sink.Store(offset, (a + c + (b + d)).Swap());
            if (j < both)
                sink.Store(offset + step, T.MinusI(a - c, b - d).Swap());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyIn<TSource>(TSource source, nint offset, float* tile)
        where TSource : struct, IFieldSource<T>
    {
        var width = 2 * T.Width;
        for (var j = 0; j < points; j++)
            source.Load(offset + (j * width)).Store(tile + (j * width));
        new Span<float>(tile + (points * width), (plan.Length - points) * width).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyOut<TSink>(float* tile, TSink sink, nint offset)
        where TSink : struct, IFieldSink<T>
    {
        var width = 2 * T.Width;
        for (var j = 0; j < points; j++)
            sink.Store(offset + (j * width), T.Load(tile + (j * width)));
    }
}
