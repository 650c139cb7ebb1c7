using System.Runtime.CompilerServices;

namespace OpticalQAT.Kernels;

/// <summary>
/// One propagation of one sample: pad to M×M, transform, multiply by H, transform back, crop to N×N; or its adjoint, with conj(H).
/// The padded plane never exists as a whole: columns go through a tile of M×W values that stays in the first-level cache
/// into a workspace of M×N, whose rows are transformed, filtered and transformed back in place.
/// </summary>
/// <remarks>
/// Layouts, in values of W lanes. A plane (<see cref="PlaneLength"/> floats): [column group][row], lane = column within the
/// group; lanes beyond the last column are zero and stay zero. The workspace: [row group][column], lane = row in plan order.
/// The transfer function: [row group][column in plan order], lane = row in plan order, divided by M².
/// </remarks>
internal sealed unsafe class PlanePropagation<T>
    where T : unmanaged, ILanes<T>
{
    private readonly FourierPlan _plan;
    private readonly LineTransform<T> _lines;
    private readonly int _points;
    private readonly int _columnGroups;
    private readonly int _rowGroups;
    private readonly int _rowGroupStride;

    /// <summary>Prepares propagations of N×N samples (<paramref name="points"/>) padded to the plan's length.</summary>
    public PlanePropagation(FourierPlan plan, int points)
    {
        _plan = plan;
        _points = points;
        _lines = new(plan, points);
        _columnGroups = (points + T.Width - 1) / T.Width;
        _rowGroups = (plan.Length + T.Width - 1) / T.Width;

        // One value more than needed: with powers of two all row groups would compete for the same cache lines.
        _rowGroupStride = ((_columnGroups * T.Width) + 1) * 2 * T.Width;
        PlaneLength = _columnGroups * points * 2 * T.Width;
        TileLength = _rowGroups * T.Width * 2 * T.Width;
        WorkspaceLength = _rowGroups * _rowGroupStride;
        TransferLength = (long)_rowGroups * plan.Length * 2 * T.Width;
    }

    /// <summary>The floats of a plane.</summary>
    public int PlaneLength { get; }

    /// <summary>The floats of a tile. Its values beyond M must be zero when it is first used, and are never written.</summary>
    public int TileLength { get; }

    /// <summary>The floats of a workspace.</summary>
    public int WorkspaceLength { get; }

    /// <summary>The floats of a transfer function.</summary>
    public long TransferLength { get; }

    /// <summary>Propagates one plane; the sink may write where the source reads, since all is read before anything is written.</summary>
    public void Run<TFilter, TSource, TSink>(
        TSource source, TSink sink, AlignedBuffer transfer, AlignedBuffer tile, AlignedBuffer workspace)
        where TFilter : struct, IPassOrder
        where TSource : struct, IFieldSource<T>
        where TSink : struct, IFieldSink<T>
    {
        var groupLength = (nint)_points * 2 * T.Width;
        for (var g = 0; g < _columnGroups; g++)
        {
            _lines.Forward(source, g * groupLength, tile.Start);
            Spread(tile.Start, workspace.Start + ((nint)g * T.Width * 2 * T.Width));
        }
        for (var g = 0; g < _rowGroups; g++)
        {
            var h = transfer.Start + ((nint)g * _plan.Length * 2 * T.Width);
            _lines.Filter<TFilter>(workspace.Start + ((nint)g * _rowGroupStride), h, tile.Start);
        }
        for (var g = 0; g < _columnGroups; g++)
        {
            Collect(workspace.Start + ((nint)g * T.Width * 2 * T.Width), tile.Start);
            _lines.Inverse(tile.Start, sink, g * groupLength);
        }
    }

    /// <summary>Brings H, complex [M, M] in FFT order (interleaved doubles), into the layout of the row transforms.</summary>
    public AlignedBuffer Arrange(ReadOnlySpan<double> h)
    {
        var (size, width) = (_plan.Length, 2 * T.Width);
        var arranged = new AlignedBuffer(TransferLength);
        var scale = 1.0 / ((double)size * size);
        for (var r = 0; r < size; r++)
        {
            var row = h.Slice(_plan.Frequencies[r] * 2 * size, 2 * size);
            var target = arranged.Start + ((nint)(r / T.Width) * size * width) + (r % T.Width);
            for (var c = 0; c < size; c++, target += width)
            {
                target[0] = (float)(row[2 * _plan.Frequencies[c]] * scale);
                target[T.Width] = (float)(row[(2 * _plan.Frequencies[c]) + 1] * scale);
            }
        }
        return arranged;
    }

    /// <summary>
    /// The same from a quadrant. As H(fx,fy) = H(fy,fx), the W values that lie side by side, one column of W rows, are taken
    /// from one row; mirror images are copied.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public AlignedBuffer Arrange(TransferQuadrant h)
    {
        var (size, width) = (_plan.Length, 2 * T.Width);
        var arranged = new AlignedBuffer(TransferLength);
        var scale = 1.0 / ((double)size * size);
        var places = new int[size];
        for (var c = 0; c < size; c++)
            places[_plan.Frequencies[c]] = c;
        int[] folded = [.. _plan.Frequencies.Select(h.Fold)];
        for (var k = 0; k < h.Side; k++)
        {
            var real = h.Real.AsSpan(k * h.Side, h.Side);
            var imaginary = h.Imaginary.AsSpan(k * h.Side, h.Side);
            for (var first = 0; first < size; first += T.Width)
            {
                var group = arranged.Start + ((nint)first / T.Width * size * width);
                var target = group + (places[k] * width);
                var lanes = folded.AsSpan(first, Math.Min(T.Width, size - first));
                for (var lane = 0; lane < lanes.Length; lane++)
                {
                    target[lane] = (float)(real[lanes[lane]] * scale);
                    target[T.Width + lane] = (float)(imaginary[lanes[lane]] * scale);
                }
                T.Load(target).Store(group + (places[(size - k) % size] * width));
            }
        }
        return arranged;
    }

    /// <summary>Reads a plane from the layout of arrays, interleaved [N, N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(float* interleaved, float* plane)
    {
        var rest = stackalloc float[2 * T.Width];
        for (var g = 0; g < _columnGroups; g++)
        {
            var columns = Math.Min(T.Width, _points - (g * T.Width));
            var row = interleaved + (g * 2 * T.Width);
            for (var r = 0; r < _points; r++, row += 2 * _points, plane += 2 * T.Width)
            {
                if (columns < T.Width)
                    new Span<float>(row, 2 * columns).CopyTo(new Span<float>(rest, 2 * T.Width));
                T.Deinterleave(columns < T.Width ? rest : row).Store(plane);
            }
        }
    }

    /// <summary>Writes a plane to the layout of arrays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(float* plane, float* interleaved)
    {
        var rest = stackalloc float[2 * T.Width];
        for (var g = 0; g < _columnGroups; g++)
        {
            var columns = Math.Min(T.Width, _points - (g * T.Width));
            var row = interleaved + (g * 2 * T.Width);
            for (var r = 0; r < _points; r++, row += 2 * _points, plane += 2 * T.Width)
            {
                T.Load(plane).Interleave(columns < T.Width ? rest : row);
                if (columns < T.Width)
                    new Span<float>(rest, 2 * columns).CopyTo(new Span<float>(row, 2 * columns));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(float* tile, float* workspace)
    {
        for (var g = 0; g < _rowGroups; g++)
        {
            T.Transpose(tile, workspace);
            tile += T.Width * 2 * T.Width;
            workspace += _rowGroupStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(float* workspace, float* tile)
    {
        for (var g = 0; g < _rowGroups; g++)
        {
            T.Transpose(workspace, tile);
            tile += T.Width * 2 * T.Width;
            workspace += _rowGroupStride;
        }
    }
}
