using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>Everything lateral is wrong by one ratio: Δ' = (1+ε)·Δ for masks, object and detector alike, as when the set-up is built from drawings of another scale.</summary>
[Kind("pixel_pitch_error")]
public sealed record PixelPitchError : RatioError
{
    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw) => device.ScalePitch(Ratio(strength, draw));
}
