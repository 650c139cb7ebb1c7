using System.Collections.Concurrent;
using TorchSharp;

namespace OpticalQAT.Optics.Fast;

/// <summary>The choice of the padded length, and what makes it free to choose.</summary>
/// <remarks>
/// A propagation pads N×N samples to M×M, but between samples of the plane only the lags |d| &lt; N occur. Where M ≥ 2N-1 each
/// of them has its own place in the kernel h = ifft2(H), and h cut to these lags and placed on any other plane of at least 2N-1
/// gives the same result exactly. So a length with large prime factors becomes a fast one, and padding beyond 2 costs nothing.
/// </remarks>
internal static class PaddedLength
{
    private static readonly ConcurrentDictionary<(int Points, int Padded), int?> Chosen = new();
    private static readonly ConcurrentDictionary<(int Points, int Padded, int Length), torch.Tensor> Resamplings = new();

    /// <summary>Returns the length to compute with for N points padded to M, or null where only M will do and has no plan.</summary>
    public static int? Choose(int points, int padded) =>
        Chosen.GetOrAdd((points, padded), static size => Cheapest(size.Points, size.Padded));

    private static int? Cheapest(int points, int padded)
    {
        // A chosen length must be clearly better than the given one, which needs no further transforms.
        var (best, bestCost) = ((int?)padded, 0.9 * Cost(points, padded));
        if (padded >= (2 * points) - 1)
        {
            for (var length = (2 * points) - 1; length <= 4 * points; length++)
            {
                if (Cost(points, length) < bestCost)
                {
                    (best, bestCost) = (length, Cost(points, length));
                }
            }
        }

        return double.IsFinite(bestCost) ? best : null;
    }

    /// <summary>Returns the smallest product of 2, 3 and 5 that N points can be padded to without loss: at least 2N-1.</summary>
    public static int Sufficient(int points)
    {
        var length = (2 * points) - 1;
        while (!IsSmooth(length))
        {
            length++;
        }

        return length;
    }

    /// <summary>Moves a transfer function from its M×M plane to an L×L plane, M and L at least 2N-1.</summary>
    /// <param name="transfer">complex128 [M, M], FFT order.</param>
    /// <param name="points">N.</param>
    /// <param name="length">L.</param>
    /// <returns>complex128 [L, L], FFT order; the transfer function of the same propagation between N×N samples.</returns>
    public static torch.Tensor Reembed(torch.Tensor transfer, int points, int length)
    {
        using var scope = torch.NewDisposeScope();
        var padded = transfer.shape[0];
        var kernel = torch.fft.ifft2(transfer);
        var moved = torch.zeros(length, length, dtype: torch.ScalarType.ComplexFloat64);
        (long From, long To, long Count)[] lags = [(0, 0, points), (padded - points + 1, length - points + 1, points - 1)];
        foreach (var row in lags)
        {
            foreach (var column in lags)
            {
                moved.narrow(0, row.To, row.Count).narrow(1, column.To, column.Count)
                    .copy_(kernel.narrow(0, row.From, row.Count).narrow(1, column.From, column.Count));
            }
        }

        return torch.fft.fft2(moved).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The same for a transfer function that is given by its quadrant. Between mirror-symmetric planes both transforms are sums
    /// of cosines, and one after the other they are one real matrix: H' = A·H·Aᵀ.
    /// </summary>
    public static TransferQuadrant Reembed(TransferQuadrant transfer, int points, int length)
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

    private static bool IsSmooth(int length)
    {
        foreach (var factor in (ReadOnlySpan<int>)[2, 3, 5])
        {
            while (length % factor == 0)
            {
                length /= factor;
            }
        }

        return length == 1;
    }

    private static double Cost(int points, int length)
    {
        var skipsZeros = length % 4 == 0 && length >= 2 * points;
        return FourierPlan.CostPerPoint(length) * length * (points + length) * (skipsZeros ? 1 : 1.2);
    }
}
