namespace OpticalQAT.Reports;

/// <summary>The lengths of the bars that show a sample's scores.</summary>
internal static class ScoreBars
{
    /// <summary>
    /// A length in [0, 1] for each score, 1 for the highest. They start at zero, or at the lowest score where that is
    /// negative, as with differential detection. A score that is not finite has no bar.
    /// </summary>
    public static double[] Lengths(IReadOnlyList<float> scores)
    {
        var finite = scores.Where(float.IsFinite).DefaultIfEmpty(0).ToArray();
        double low = Math.Min(0, finite.Min()), high = finite.Max();
        return [.. scores.Select(s => float.IsFinite(s) && high > low ? (s - low) / (high - low) : 0)];
    }
}
