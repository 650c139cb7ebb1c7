using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>Everything lateral is wrong by one ratio: Δ' = (1+ε)·Δ for masks, object and detector alike, as when the set-up is built from drawings of another scale.</summary>
[Kind("pixel_pitch_error")]
public sealed record PixelPitchError : PerturbationKind
{
    /// <summary>How the amount is meant.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The standard deviation, the bound, or the size of ε, as the distribution has it.</summary>
    [AtLeast(0), Below(0.5)]
    public required double Amount { get; init; }

    /// <inheritdoc/>
    public override bool ReachesInput => true;

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw) =>
        device.ScalePitch(1 + Amount * strength * draw.Number(Distribution));
}
