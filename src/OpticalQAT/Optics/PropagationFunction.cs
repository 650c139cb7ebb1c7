using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// One propagation as one node of the autograd graph, on any device: pad, transform, multiply by H, transform back,
/// crop. Its adjoint is the same with conj(H) (the transforms' factors M² cancel, and padding and cropping are each
/// other's adjoints), so that nothing is kept for it but H: plain autograd keeps the padded spectrum of every field.
/// </summary>
/// <remarks>
/// On a CPU a few samples at a time go through planes that stay in the cache (<see cref="PrunedPlanes"/>); on other devices the
/// whole batch goes through one padded plane.
/// </remarks>
internal sealed class PropagationFunction : AutogradNode<PropagationFunction, PropagationFunction.Call>
{
    [ThreadStatic]
    private static Tensor? _padded;

    [ThreadStatic]
    private static long _points;

    /// <summary>A propagation.</summary>
    /// <param name="field">complex, […, N, N].</param>
    /// <param name="transfer">H, of the same type, [M, M], in the FFT's order, equal to its transpose.</param>
    public static Tensor Apply(Tensor field, Tensor transfer) => Apply(new Call(transfer), field);

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments) => Filter(arguments[0]!, null, call.Transfer);

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient) => [Filter(gradient, null, call.Transfer.conj().resolve_conj())];

    /// <summary>A propagation, behind a mask where there is one, without the graph.</summary>
    /// <param name="field">complex, […, N, N].</param>
    /// <param name="mask">Of the same type, [N, N]: what the field is multiplied by first; null nothing.</param>
    /// <param name="transfer">H, of the same type, [M, M], in the FFT's order, equal to its transpose.</param>
    internal static Tensor Filter(Tensor field, Tensor? mask, Tensor transfer) =>
        field.device_type == TorchSharp.DeviceType.CPU ? PrunedPlanes.Filter(field, mask, transfer) : FilterAtOnce(field, mask, transfer);

    /// <summary>As <see cref="PrunedPlanes.Filter(Tensor, Tensor?, Tensor)"/>, on any device.</summary>
    internal static Tensor FilterAtOnce(Tensor field, Tensor? mask, Tensor transfer)
    {
        using var scope = NewDisposeScope();
        long n = field.shape[^1], m = transfer.shape[^1];
        var propagated = fft.ifft2(fft.fft2(Padded(field, mask, m)).mul_(transfer));
        return propagated.narrow(-2, 0, n).narrow(-1, 0, n).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The field in the corner of a plane of zeros. The plane is used again by the next call of the same shape, which finds the
    /// zeros around the corner as they were: three quarters of a plane that need not be written each time.
    /// </summary>
    private static Tensor Padded(Tensor field, Tensor? mask, long size)
    {
        long[] shape = [.. field.shape[..^2], size, size];
        if (_padded is not { } plane || plane.IsInvalid || plane.dtype != field.dtype || plane.device != field.device || !plane.shape.SequenceEqual(shape) || _points != field.shape[^1])
        {
            _padded?.Dispose();
            _padded = plane = zeros(shape, field.dtype, field.device).DetachFromDisposeScope();
            _points = field.shape[^1];
        }
        var corner = plane.narrow(-2, 0, _points).narrow(-1, 0, _points).copy_(field);
        if (mask is not null)
            corner.mul_(mask);
        return plane;
    }

    internal sealed class Call(Tensor transfer) : NodeCall
    {
        public Tensor Transfer { get; } = transfer;
    }
}
