using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>An error by which everything of a sort is wrong by one ratio, 1+ε.</summary>
public abstract record RatioError : PerturbationKind
{
    /// <summary>The meaning of the amount.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The standard deviation, the bound, or the size of ε, as the distribution has it.</summary>
    [AtLeast(0), Below(0.5)]
    public required double Amount { get; init; }

    /// <inheritdoc/>
    public override bool ReachesInput => true;

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <summary>The ratio that is drawn, 1+ε.</summary>
    protected double Ratio(double strength, Draw draw) => 1 + Amount * strength * draw.Number(Distribution);
}
