using System.Collections.Concurrent;

namespace OpticalQAT.Kernels;

/// <summary>The choice of the padded length, and what makes it free to choose.</summary>
/// <remarks>
/// A propagation pads N×N samples to M×M, but between samples of the plane only the lags |d| &lt; N occur. Where M ≥ 2N-1 each
/// of them has its own place in the kernel h = ifft2(H), and h cut to these lags and placed on any other plane of at least 2N-1
/// gives the same result exactly. So a length with large prime factors becomes a fast one, and padding beyond 2 costs nothing.
/// </remarks>
internal static class PaddedLength
{
    private static readonly ConcurrentDictionary<(int Points, int Padded), int?> Chosen = new();

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
                    (best, bestCost) = (length, Cost(points, length));
            }
        }
        return double.IsFinite(bestCost) ? best : null;
    }

    /// <summary>Returns the smallest product of 2, 3 and 5 that N points can be padded to without loss: at least 2N-1.</summary>
    public static int Sufficient(int points)
    {
        var length = (2 * points) - 1;
        while (!IsSmooth(length))
            length++;
        return length;
    }

    private static bool IsSmooth(int length)
    {
        foreach (var factor in (ReadOnlySpan<int>)[2, 3, 5])
        {
            while (length % factor == 0)
                length /= factor;
        }
        return length == 1;
    }

    private static double Cost(int points, int length)
    {
        var skipsZeros = length % 4 == 0 && length >= 2 * points;
        return FourierPlan.CostPerPoint(length) * length * (points + length) * (skipsZeros ? 1 : 1.2);
    }
}
