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
    /// <summary>Returns the length to compute with for N points padded to M, or null where only M will do and has no plan.</summary>
    public static int? Choose(int points, int padded)
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
