using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// Propagation through torch's FFTs on a CPU without transforming what is known to be zero or is thrown away: the columns
/// that hold the field are transformed first, then all rows, and on the way back all rows, then the columns that are kept. A
/// quarter of the transforms falls away, and every transform runs over contiguous lines (over any other, torch copies first).
/// </summary>
/// <remarks>
/// A few samples at a time, so that their planes stay in the second-level cache. The planes are used again by the next call
/// of the same shape, which finds their zeros as they were.
/// </remarks>
internal sealed class PrunedPlanes : IDisposable
{
    /// <summary>What the padded planes of the samples that are transformed together may take, in bytes, for each thread that shares them.</summary>
    private const long CacheBytes = 1 << 20;

    [ThreadStatic]
    private static PrunedPlanes? _last;

    private readonly long _points;
    private readonly long _padded;
    private readonly Tensor _columns; // [samples, x: N, y: M], zero from y = N on
    private readonly Tensor _rows; // [samples, ky: M, x: M], zero from x = N on

    private PrunedPlanes(long points, long padded, ScalarType type)
    {
        (_points, _padded) = (points, padded);
        var samples = Math.Max(1, CacheBytes * get_num_threads() / (padded * padded * (type == ScalarType.ComplexFloat64 ? 16 : 8)));
        _columns = zeros([samples, points, padded], type).DetachFromDisposeScope();
        _rows = zeros([samples, padded, padded], type).DetachFromDisposeScope();
    }

    /// <summary>Each field in the corner of a padded plane, transformed, times <paramref name="transfer"/>, transformed back and cropped.</summary>
    /// <param name="field">complex, […, N, N], on the CPU.</param>
    /// <param name="mask">Of the same type, [N, N]: what the field is multiplied by first; null nothing.</param>
    /// <param name="transfer">H, of the same type, [M, M], in the FFT's order.</param>
    /// <returns>complex, […, N, N], contiguous.</returns>
    public static Tensor Filter(Tensor field, Tensor? mask, Tensor transfer)
    {
        using var scope = NewDisposeScope();
        long n = field.shape[^1], m = transfer.shape[^1];
        if (_last is not { } planes || !planes.Fit(n, m, field.dtype))
        {
            _last?.Dispose();
            _last = planes = new PrunedPlanes(n, m, field.dtype);
        }
        var fields = field.reshape(-1, n, n);
        var propagated = empty_like(fields);
        var turned = mask?.transpose(-1, -2).contiguous();
        long count = fields.shape[0], together = planes._rows.shape[0];
        for (long first = 0; first < count; first += together)
        {
            var samples = Math.Min(together, count - first);
            planes.Filter(fields.narrow(0, first, samples), turned, transfer, propagated.narrow(0, first, samples));
        }
        return propagated.view(field.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
    }

    private bool Fit(long points, long padded, ScalarType type) =>
        _points == points && _padded == padded && _rows.dtype == type && !_rows.IsInvalid;

    private void Filter(Tensor fields, Tensor? turned, Tensor transfer, Tensor propagated)
    {
        using var scope = NewDisposeScope();
        var samples = fields.shape[0];
        var columns = _columns.narrow(0, 0, samples);
        var rows = _rows.narrow(0, 0, samples);
        var entering = columns.narrow(-1, 0, _points).copy_(fields.transpose(-1, -2));
        if (turned is not null)
            entering.mul_(turned);
        rows.narrow(-1, 0, _points).copy_(fft.fft_(columns).transpose(-1, -2));
        var kept = fft.ifft(fft.fft_(rows).mul_(transfer)).narrow(-1, 0, _points);
        propagated.copy_(fft.ifft(kept.transpose(-1, -2).contiguous()).narrow(-1, 0, _points).transpose(-1, -2));
    }
}
