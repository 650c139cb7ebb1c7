using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// Layers lie beside the axis, each shifted by itself. A mask is moved by the Fourier shift theorem, by any part of a
/// pixel, on a plane padded with zeros without end: beyond its own edges a shifted mask is dark.
/// </summary>
[Kind("lateral_shift")]
public sealed record LateralShift : LayerError
{
    /// <summary>The meaning of the amount: along each axis, or with <c>fixed</c> exactly so far in any direction.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Uniform;

    /// <summary>The bound or the standard deviation along each axis, or how far.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Amount { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        for (var layer = 0; layer < device.Masks.Layers; layer++)
        {
            var (x, y) = draw.Vector(Distribution);
            if (Has(layer))
                device.Masks.Shift(layer, x * Amount.Metres * strength, y * Amount.Metres * strength);
        }
    }
}
