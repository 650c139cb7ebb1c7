using System.Collections.Concurrent;
using OpticalQAT.Kernels;
using TorchSharp;

namespace OpticalQAT.Optics.Fast;

/// <summary>Transfer functions moved to the plane that is computed on, whose side <see cref="PaddedLength"/> chooses.</summary>
internal static class Reembedding
{
    private static readonly ConcurrentDictionary<(int Points, int Padded, int Length), torch.Tensor> Resamplings = new();

    /// <summary>Moves a transfer function from its M×M plane to an L×L plane, M and L at least 2N-1.</summary>
    /// <param name="transfer">complex128 [M, M], FFT order.</param>
    /// <param name="points">N.</param>
    /// <param name="length">L.</param>
    /// <returns>complex128 [L, L], FFT order; the transfer function of the same propagation between N×N samples.</returns>
    public static torch.Tensor Of(torch.Tensor transfer, int points, int length)
    {
        using var scope = torch.NewDisposeScope();
        var padded = transfer.shape[0];
        var kernel = torch.fft.ifft2(transfer);
        var moved = torch.zeros(length, length, dtype: torch.ScalarType.ComplexFloat64);
        (long From, long To, long Count)[] lags = [(0, 0, points), (padded - points + 1, length - points + 1, points - 1)];
        foreach (var row in lags)
        {
            foreach (var column in lags)
                moved.narrow(0, row.To, row.Count).narrow(1, column.To, column.Count)
                    .copy_(kernel.narrow(0, row.From, row.Count).narrow(1, column.From, column.Count));
        }
        return torch.fft.fft2(moved).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The same for a transfer function that is given by its quadrant. Between mirror-symmetric planes both transforms are sums
    /// of cosines, and one after the other they are one real matrix: H' = A·H·Aᵀ.
    /// </summary>
    public static TransferQuadrant Of(TransferQuadrant transfer, int points, int length)
    {
        using var scope = torch.NewDisposeScope();
        var moved = new TransferQuadrant(length);
        var matrix = Resamplings.GetOrAdd((points, transfer.PaddedSize, length), static key => Resampling(key.Points, key.Padded, key.Length));
        Resample(transfer.Real, moved.Real);
        Resample(transfer.Imaginary, moved.Imaginary);
        return moved;

        void Resample(double[] from, double[] to) =>
            matrix.matmul(torch.tensor(from, [transfer.Side, transfer.Side])).matmul(matrix.t()).data<double>().CopyTo(to);
    }

    /// <summary>A of a pair of lengths, float64, [L/2+1, M/2+1]: from H to the kernel's lags 0 … N-1, and from these to H'.</summary>
    private static torch.Tensor Resampling(int points, int padded, int length)
    {
        using var scope = torch.NewDisposeScope();
        var lags = torch.arange(points, dtype: torch.ScalarType.Float64);
        var (from, to) = (Frequencies(padded), Frequencies(length));
        // A frequency stands for its mirror image too, and a lag for its opposite; 0 and M/2 are their own.
        var pairs = from.remainder(padded / 2.0).ne(0).to(torch.ScalarType.Float64) + 1;
        var toLags = (torch.outer(lags, from) * (2 * Math.PI / padded)).cos() * (pairs / padded);
        var fromLags = (torch.outer(to, lags) * (2 * Math.PI / length)).cos() * (lags.ne(0).to(torch.ScalarType.Float64) + 1);
        return fromLags.matmul(toLags).DetachFromDisposeScope();

        static torch.Tensor Frequencies(int size) => torch.arange(size / 2 + 1, dtype: torch.ScalarType.Float64);
    }
}
