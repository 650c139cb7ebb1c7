using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// The printer cannot print a sharp step: the relief is smoothed by a Gaussian point-spread function, the same one for every
/// device. A step from the highest level to the lowest is rounded off over its whole height, although light would hardly have
/// seen it.
/// </summary>
[Kind("edge_blur")]
public sealed record EdgeBlur : LayerError
{
    /// <summary>The standard deviation of the point-spread function.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Sigma { get; init; }

    /// <inheritdoc/>
    public override bool IsDrawn => false;

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Sigma);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        for (var layer = 0; layer < device.Masks.Layers; layer++)
        {
            if (Has(layer))
                device.Masks.Blur(layer, Sigma.Metres * strength);
        }
    }
}
