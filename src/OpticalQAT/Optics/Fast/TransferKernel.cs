using System.Runtime.InteropServices;
using OpticalQAT.Kernels;
using TorchSharp;

namespace OpticalQAT.Optics.Fast;

/// <summary>
/// The transfer function of one propagation, prepared for the fast path: permuted into the order that its transforms leave the
/// spectrum in, and where that pays, moved to a padded plane of another size (<see cref="PaddedLength"/>). Immutable; one may
/// serve any number of layers and stacks.
/// </summary>
public sealed class TransferKernel
{
    private TransferKernel(int points, int paddedLength, int vectorBits, AlignedBuffer arranged)
    {
        Points = points;
        PaddedLength = paddedLength;
        VectorBits = vectorBits;
        Arranged = arranged;
    }

    /// <summary>N, the side of the planes.</summary>
    public int Points { get; }

    /// <summary>The side of the padded plane that is computed on, which need not be that of the given transfer function.</summary>
    public int PaddedLength { get; }

    internal int VectorBits { get; }

    internal AlignedBuffer Arranged { get; }

    /// <summary>Prepares a transfer function.</summary>
    /// <param name="transfer">H, complex64 or complex128 [M, M], in FFT order (no shifts), on the CPU.</param>
    /// <param name="points">N ≤ M.</param>
    /// <exception cref="ArgumentException">H is not such a tensor.</exception>
    /// <exception cref="NotSupportedException">The fast path cannot do N padded to M
    /// (<see cref="FastPropagation.Supports"/> says so beforehand).</exception>
    public static TransferKernel Create(torch.Tensor transfer, int points) =>
        Create(transfer, points, FastPropagation.VectorBits);

    /// <summary>Prepares a transfer function that is given by its quadrant: cheap enough to be done in every step.</summary>
    internal static TransferKernel Create(TransferQuadrant transfer, int points, int? vectorBits = null)
    {
        var (padded, bits) = (transfer.PaddedSize, vectorBits ?? FastPropagation.VectorBits);
        var length = Kernels.PaddedLength.Choose(points, padded)
            ?? throw new NotSupportedException(FastPropagation.NoPlan(points, padded));
        var moved = length == padded ? transfer : Reembedding.Of(transfer, points, length);
        return new(points, length, bits, StackEngine.Create(points, length, bits).Arrange(moved));
    }

    internal static TransferKernel Create(torch.Tensor transfer, int points, int vectorBits)
    {
        if (transfer.dim() != 2 || transfer.shape[0] != transfer.shape[1] || !transfer.is_complex()
            || transfer.device_type != DeviceType.CPU || points < 1 || points > transfer.shape[0])
            throw new ArgumentException(
                $"The transfer function of {points} points is a complex [M, M] on the CPU with M ≥ {points}, " +
                $"not {transfer.dtype} [{string.Join(", ", transfer.shape)}] on {transfer.device}.",
                nameof(transfer));
        var padded = (int)transfer.shape[0];
        var length = Kernels.PaddedLength.Choose(points, padded)
            ?? throw new NotSupportedException(FastPropagation.NoPlan(points, padded));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var exact = transfer.to(torch.ScalarType.ComplexFloat64);
        if (length != padded)
            exact = Reembedding.Of(exact, points, length);
        var values = exact.resolve_conj().resolve_neg().contiguous();
        var engine = StackEngine.Create(points, length, vectorBits);
        return new(points, length, vectorBits, engine.Arrange(MemoryMarshal.Cast<byte, double>(values.bytes)));
    }
}
