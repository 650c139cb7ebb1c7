using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The source's wavelength is off: λ' = (1+ε)·λ, between the layers and in them; the indices stay as they are.</summary>
[Kind("wavelength_drift")]
public sealed record WavelengthDrift : RatioError
{
    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw) => device.ScaleWavelength(Ratio(strength, draw));
}
