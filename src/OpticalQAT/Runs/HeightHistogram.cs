using OpticalQAT.Quantization;
using Tensorboard;

namespace OpticalQAT.Runs;

/// <summary>The number of pixels at each height of a mask, as TensorBoard's histogram, in micrometres.</summary>
internal static class HeightHistogram
{
    private const int Buckets = 64;
    private const double Micrometres = 1e6;

    /// <summary>A bucket for each level, its limit half way to the next; in full precision 64 of equal width.</summary>
    /// <param name="metres">The heights of the mask's pixels.</param>
    /// <param name="levels">Its printable levels; null in full precision.</param>
    public static HistogramProto Of(IEnumerable<double> metres, LevelTable? levels)
    {
        double[] heights = [.. metres.Select(h => h * Micrometres)];
        var limits = Limits(heights, levels is { } table ? [.. table.Heights.ToArray().Select(h => h * Micrometres)] : null);
        var counts = new double[limits.Length];
        foreach (var height in heights)
            counts[Math.Min(limits.Length - 1, Array.FindIndex(limits, limit => height < limit) is >= 0 and var i ? i : limits.Length - 1)]++;

        var histogram = new HistogramProto
        {
            Min = heights.Min(),
            Max = heights.Max(),
            Num = heights.Length,
            Sum = heights.Sum(),
            SumSquares = heights.Sum(h => h * h),
        };
        histogram.BucketLimit.AddRange(limits);
        histogram.Bucket.AddRange(counts);
        return histogram;
    }

    /// <summary>The upper limits of the buckets, ascending.</summary>
    private static double[] Limits(double[] heights, double[]? levels)
    {
        if (levels is not null)
            return [.. levels.Zip(levels.Skip(1), (low, high) => (low + high) / 2), levels[^1] + (levels[^1] - levels[^2]) / 2];
        var (lowest, highest) = (heights.Min(), heights.Max());
        var width = Math.Max(highest - lowest, 1e-9) / Buckets;
        return [.. Enumerable.Range(1, Buckets).Select(i => lowest + i * width)];
    }
}
