using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The source's wavelength is off: λ' = (1+ε)·λ, between the layers and in them; the indices stay as they are.</summary>
[Kind("wavelength_drift")]
public sealed record WavelengthDrift : PerturbationKind
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
        device.ScaleWavelength(1 + Amount * strength * draw.Number(Distribution));
}
