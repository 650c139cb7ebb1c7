namespace OpticalQAT.Studies;

/// <summary>The range of a quantity with a stated confidence.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Half the width: what stands behind the ± of a symmetric interval.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Whether a value lies within, the bounds included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;
}
