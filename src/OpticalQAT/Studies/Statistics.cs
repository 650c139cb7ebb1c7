namespace OpticalQAT.Studies;

/// <summary>
/// Statistics of a quantity from a few repetitions. The intervals hold 95 % of the confidence, two-sided: Student's for the
/// mean of a few values that scatter normally, Wilson's for a proportion, which stays inside [0, 1] and is useful
/// from one trial on.
/// </summary>
public static class Statistics
{
    private const double Confidence = 0.95;
    private const double Normal975 = 1.959963984540054;

    /// <summary>The arithmetic mean.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Mean(IReadOnlyCollection<double> values) =>
        values.Count > 0 ? values.Average() : throw new ArgumentException("a mean needs at least one value", nameof(values));

    /// <summary>The sample standard deviation, with n - 1 in the denominator; null below two values.</summary>
    public static double? StandardDeviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
            return null;
        var mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>The 95 % interval of the mean, mean ± t·s/√n with n - 1 degrees of freedom; null below two values.</summary>
    public static Interval? OfMean(IReadOnlyCollection<double> values)
    {
        if (StandardDeviation(values) is not { } deviation)
            return null;
        var half = StudentT.TwoSided(Confidence, values.Count - 1) * deviation / Math.Sqrt(values.Count);
        return new Interval(Mean(values) - half, Mean(values) + half);
    }

    /// <summary>The differences of pairs, value minus reference. Their interval is that of a paired comparison.</summary>
    /// <exception cref="ArgumentException">There are not as many references as values.</exception>
    public static double[] Differences(IReadOnlyList<double> values, IReadOnlyList<double> references) =>
        values.Count == references.Count
            ? [.. values.Zip(references, (value, reference) => value - reference)]
            : throw new ArgumentException($"pairs need as many references as values, but there are {values.Count} values and {references.Count} references", nameof(references));

    /// <summary>Wilson's 95 % score interval of a proportion (J. Am. Stat. Assoc. 22, 209, 1927).</summary>
    /// <param name="successes">From 0 to the number of trials.</param>
    /// <param name="trials">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public static Interval OfProportion(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double n = trials;
        var (p, z2) = (successes / n, Normal975 * Normal975);
        var centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = Normal975 / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        // At no success and at all successes the bound is 0 and 1 exactly; rounding must not go beyond.
        return new Interval(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }
}
