using OpticalQAT.Configuration;

namespace OpticalQAT.Schedules;

/// <summary>
/// A value that follows training: learning rates, steepness, noise strengths. A schedule is a function of progress,
/// which runs from 0 at the first step of a phase to 1 at its last; it knows neither steps nor epochs. No value is
/// negative; what else is allowed is said where the schedule stands.
/// </summary>
[Family("schedule")]
public abstract record Schedule : Variant, IRanging
{
    /// <inheritdoc/>
    public abstract (double Lowest, double Highest) Range { get; }

    /// <summary>The value at a progress between 0 and 1.</summary>
    public abstract double At(double progress);

    /// <summary>The lowest and the highest of some values.</summary>
    protected static (double Lowest, double Highest) RangeOf(params double[] values) => (values.Min(), values.Max());

    /// <summary>The value half a cosine between two ends.</summary>
    protected static double Cosine(double from, double to, double progress) =>
        to + (from - to) * (1 + Math.Cos(Math.PI * progress)) / 2;
}

/// <summary>The same value all the time.</summary>
[Kind("constant")]
public sealed record Constant : Schedule
{
    /// <summary>The value.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double Value { get; init; } = 1;

    /// <inheritdoc/>
    public override (double Lowest, double Highest) Range => (Value, Value);

    /// <inheritdoc/>
    public override double At(double progress) => Value;
}

/// <summary>A straight line.</summary>
[Kind("linear")]
public sealed record Linear : Schedule
{
    /// <summary>The value at the start.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double From { get; init; } = 1;

    /// <summary>The value at the end.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double To { get; init; }

    /// <inheritdoc/>
    public override (double Lowest, double Highest) Range => RangeOf(From, To);

    /// <inheritdoc/>
    public override double At(double progress) => From + (To - From) * progress;
}

/// <summary>Equal ratios in equal times: from·(to/from)^progress.</summary>
[Kind("exponential")]
public sealed record Exponential : Schedule
{
    /// <summary>The value at the start.</summary>
    [AtLeast(1e-12), AtMost(1e6)]
    public required double From { get; init; }

    /// <summary>The value at the end.</summary>
    [AtLeast(1e-12), AtMost(1e6)]
    public required double To { get; init; }

    /// <inheritdoc/>
    public override (double Lowest, double Highest) Range => RangeOf(From, To);

    /// <inheritdoc/>
    public override double At(double progress) => From * Math.Pow(To / From, progress);
}

/// <summary>Half a cosine, flat at both ends (Loshchilov &amp; Hutter, arXiv 1608.03983), after a linear rise from nothing where a warm-up is asked for.</summary>
[Kind("cosine")]
public sealed record CosineSchedule : Schedule
{
    /// <summary>The value at the start, and at the end of the warm-up.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double From { get; init; } = 1;

    /// <summary>The value at the end.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double To { get; init; }

    /// <summary>The share of the phase over which the value first rises from 0.</summary>
    [AtLeast(0), Below(1)]
    public double WarmUp { get; init; }

    /// <inheritdoc/>
    public override (double Lowest, double Highest) Range => RangeOf(From, To, WarmUp > 0 ? 0 : To);

    /// <inheritdoc/>
    public override double At(double progress) => progress < WarmUp
        ? From * progress / WarmUp
        : Cosine(From, To, (progress - WarmUp) / (1 - WarmUp));
}

/// <summary>Steps down (or up): the value is multiplied by a factor at each of the given progresses.</summary>
[Kind("steps")]
public sealed record Steps : Schedule, IChecked
{
    /// <summary>The value before the first step.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double From { get; init; } = 1;

    /// <summary>The factor of each step.</summary>
    [AtLeast(1e-6), AtMost(1e6)]
    public double Factor { get; init; } = 0.1;

    /// <summary>The progresses, ascending between 0 and 1, at which the steps lie.</summary>
    [Above(0), Below(1)]
    public required double[] Milestones { get; init; }

    /// <inheritdoc/>
    public override (double Lowest, double Highest) Range => RangeOf(From, At(1));

    /// <inheritdoc/>
    public override double At(double progress) => From * Math.Pow(Factor, Milestones.Count(m => progress >= m));

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (!Milestones.SequenceEqual(Milestones.Order()))
            yield return new Problem("milestones", "milestones stand in ascending order, for example [0.5, 0.75]");
    }
}

/// <summary>Values given one by one, in equal parts of the time; straight lines between them where asked for.</summary>
[Kind("list")]
public sealed record ValueList : Schedule, IChecked
{
    /// <summary>The values.</summary>
    [AtLeast(0), AtMost(1e6)]
    public required double[] Values { get; init; }

    /// <summary>Whether the value runs in straight lines from one to the next rather than stands still.</summary>
    public bool Interpolate { get; init; }

    /// <inheritdoc/>
    public override (double Lowest, double Highest) Range => RangeOf(Values);

    /// <inheritdoc/>
    public override double At(double progress)
    {
        if (!Interpolate)
            return Values[Math.Min((int)(progress * Values.Length), Values.Length - 1)];
        var position = progress * (Values.Length - 1);
        var index = Math.Min((int)position, Math.Max(0, Values.Length - 2));
        var next = Math.Min(index + 1, Values.Length - 1);
        return Values[index] + (Values[next] - Values[index]) * (position - index);
    }

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Values.Length == 0)
            yield return new Problem("values", "the list is empty; give at least one value, for example [1, 0.3, 0.1]");
    }
}
