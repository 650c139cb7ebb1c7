using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// Propagation through torch's FFTs on a CPU without transforming what is known to be zero or is thrown away: the rows that
/// hold the field are transformed first, then all columns, and on the way back all columns, then the rows that are kept. A
/// quarter of the transforms falls away, and every transform runs over contiguous lines (over any other, torch copies first):
/// in between the plane is turned, which free space does not notice, as H(fx,fy) = H(fy,fx).
/// </summary>
/// <remarks>
/// A few samples at a time, so that their planes stay in the second-level cache. The planes are used again by the next call
/// of the same shape, which finds their zeros as they were.
/// </remarks>
internal sealed class PrunedPlanes : IDisposable
{
    /// <summary>The bytes that the padded planes of the samples that are transformed together may take, for each thread that shares them.</summary>
    private const long CacheBytes = 1 << 20;

    [ThreadStatic]
    private static PrunedPlanes? _last;

    private readonly long _points;
    private readonly long _padded;
    private readonly Tensor _rows; // [samples, y: N, x: M], zero from x = N on
    private readonly Tensor _turned; // [samples, kx: M, y: M], zero from y = N on

    private PrunedPlanes(long points, long padded, ScalarType type)
    {
        (_points, _padded) = (points, padded);
        var samples = Math.Max(1, CacheBytes * get_num_threads() / (padded * padded * (type == ScalarType.ComplexFloat64 ? 16 : 8)));
        _rows = zeros([samples, points, padded], type).DetachFromDisposeScope();
        _turned = zeros([samples, padded, padded], type).DetachFromDisposeScope();
    }

    /// <summary>Each field in the corner of a padded plane, transformed, times <paramref name="transfer"/>, transformed back and cropped.</summary>
    /// <param name="field">complex, […, N, N], on the CPU.</param>
    /// <param name="mask">Of the same type, [N, N]: what the field is multiplied by first; null nothing.</param>
    /// <param name="transfer">H, of the same type, [M, M], in the FFT's order, equal to its transpose.</param>
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
        long count = fields.shape[0], together = planes._turned.shape[0];
        for (long first = 0; first < count; first += together)
        {
            var samples = Math.Min(together, count - first);
            planes.Filter(fields.narrow(0, first, samples), mask, transfer, propagated.narrow(0, first, samples));
        }
        return propagated.view(field.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _turned.Dispose();
    }

    private bool Fit(long points, long padded, ScalarType type) =>
        _points == points && _padded == padded && _turned.dtype == type && !_turned.IsInvalid;

    private void Filter(Tensor fields, Tensor? mask, Tensor transfer, Tensor propagated)
    {
        using var scope = NewDisposeScope();
        var samples = fields.shape[0];
        var rows = _rows.narrow(0, 0, samples);
        var turned = _turned.narrow(0, 0, samples);
        var entering = rows.narrow(-1, 0, _points).copy_(fields);
        if (mask is not null)
            entering.mul_(mask);
        turned.narrow(-1, 0, _points).copy_(fft.fft_(rows).transpose(-1, -2));
        var kept = fft.ifft(fft.fft_(turned).mul_(transfer)).narrow(-1, 0, _points);
        propagated.copy_(fft.ifft(kept.transpose(-1, -2).contiguous()).narrow(-1, 0, _points));
    }
}
