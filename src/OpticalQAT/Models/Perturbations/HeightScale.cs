using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>All heights of a layer are wrong by the same ratio: over- or underexposure, shrinkage. h' = (1+ε)·h.</summary>
[Kind("height_scale")]
public sealed record HeightScale : LayerError
{
    /// <summary>The meaning of the amount.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The standard deviation, the bound, or the size of ε, as the distribution has it: 0.02 is two percent.</summary>
    [AtLeast(0), Below(1)]
    public required double Amount { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        for (var layer = 0; layer < device.Masks.Layers; layer++)
        {
            var factor = 1 + Amount * strength * draw.Number(Distribution);
            if (Has(layer))
                device.Masks.ScaleHeights(layer, factor);
        }
    }
}
