using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// Layers are printed on a plate that is not level: each grows linearly thicker across, δh = x·tan(αx) + y·tan(αy), a wedge
/// that bends the light aside. A thin layer that only stands crooked in its holder does nothing to first order, and that
/// is not simulated.
/// </summary>
[Kind("tilt")]
public sealed record Tilt : LayerError
{
    /// <summary>The meaning of the amount: about each axis, or with <c>fixed</c> exactly so much towards any side.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The angle between the layer's two faces.</summary>
    [AtLeast(0), Below(Math.PI / 4)]
    public required Angle Amount { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        var slope = Math.Tan(Amount.Radians * strength);
        for (var layer = 0; layer < device.Masks.Layers; layer++)
        {
            var (x, y) = draw.Vector(Distribution);
            if (Has(layer))
                device.Masks.Slope(layer, x * slope, y * slope);
        }
    }

    /// <inheritdoc/>
    public override SteepAngle Steepest(OpticalSetting setting, Material material) => SteepAngle.OfWedge("amount", Amount, Distribution, setting, material);
}
