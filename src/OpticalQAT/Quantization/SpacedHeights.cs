namespace OpticalQAT.Quantization;

/// <summary>Heights that a process can make: in order, apart by at least a spacing, within a range.</summary>
internal static class SpacedHeights
{
    /// <summary>Those nearest to given ones, in the sense of least squares.</summary>
    /// <param name="heights">As they are wanted.</param>
    /// <param name="spacing">The least distance between neighbours.</param>
    /// <param name="lowest">The lower end of the range.</param>
    /// <param name="highest">The upper end, at least (N-1) spacings above the lower one.</param>
    /// <remarks>
    /// Less i spacings, height i need only not fall: an isotonic regression, which the pooling of adjacent violators
    /// solves, and cutting its result off at the ends keeps it the nearest one. Heights that are allowed stay as they are.
    /// </remarks>
    public static double[] Nearest(double[] heights, double spacing, double lowest, double highest)
    {
        if (IsAllowed(heights, spacing, lowest, highest))
            return heights;
        var pools = new Stack<(double Sum, int Count)>();
        for (var i = 0; i < heights.Length; i++)
        {
            var pool = (Sum: heights[i] - i * spacing, Count: 1);
            while (pools.TryPeek(out var below) && below.Sum / below.Count >= pool.Sum / pool.Count)
            {
                pools.Pop();
                pool = (pool.Sum + below.Sum, pool.Count + below.Count);
            }
            pools.Push(pool);
        }
        var top = highest - (heights.Length - 1) * spacing;
        return
        [
            .. pools.Reverse()
                .SelectMany(pool => Enumerable.Repeat(Math.Clamp(pool.Sum / pool.Count, lowest, Math.Max(lowest, top)), pool.Count))
                .Select((height, i) => height + i * spacing),
        ];
    }

    private static bool IsAllowed(double[] heights, double spacing, double lowest, double highest)
    {
        for (var i = 1; i < heights.Length; i++)
        {
            if (heights[i] - heights[i - 1] < spacing)
                return false;
        }
        return heights[0] >= lowest && heights[^1] <= highest;
    }
}
