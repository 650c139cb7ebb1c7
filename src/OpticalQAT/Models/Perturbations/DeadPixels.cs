using OpticalQAT.Configuration;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>Some pixels are not printed as designed, but all at one height: voxels that are missing, or that stuck together.</summary>
[Kind("dead_pixels")]
public sealed record DeadPixels : LayerError
{
    /// <summary>The share of the pixels, each of which is dead with this probability.</summary>
    [AtLeast(0), AtMost(1)]
    public required double Share { get; init; }

    /// <summary>The height of a dead pixel; 0 is a hole.</summary>
    [AtLeast(0), AtMost(1)]
    public Length Height { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Share);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        using var scope = NewDisposeScope();
        // The chances do not depend on the strength: a pixel that is dead at one is dead at every higher one.
        var chances = draw.Chances(device.Masks.Shape);
        for (var layer = 0; layer < device.Masks.Layers; layer++)
        {
            if (!Has(layer))
                chances[layer].fill_(1);
        }
        if (Share * strength > 0)
            device.Masks.Kill(chances.lt(Share * strength), Height.Metres);
    }
}
