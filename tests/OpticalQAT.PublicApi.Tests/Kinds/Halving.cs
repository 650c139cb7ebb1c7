using OpticalQAT.Configuration;
using OpticalQAT.Schedules;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Half as much after each of equal times.</summary>
[Kind("halving")]
public sealed record Halving : Schedule
{
    /// <summary>The value at the start.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double From { get; init; } = 1;

    /// <summary>The number of times that it is halved.</summary>
    [AtLeast(0), AtMost(100)]
    public int Times { get; init; } = 3;

    /// <inheritdoc/>
    public override (double Lowest, double Highest) Range => RangeOf(From, At(1));

    /// <inheritdoc/>
    public override double At(double progress) => From * Math.Pow(2, -Math.Floor(progress * Times));
}
