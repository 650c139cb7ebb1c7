using OpticalQAT.Configuration;
using OpticalQAT.Units;
using TorchSharp;

namespace OpticalQAT.Models.Perturbations;

/// <summary>All pixels of a layer are too high or too low by the same. In a lossless material and one wavelength that is a global phase, which no detector sees.</summary>
[Kind("height_bias")]
public sealed record HeightBias : LayerError
{
    /// <summary>The meaning of the amount.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The error's standard deviation, its bound, or its size, as the distribution has it.</summary>
    [AtLeast(0), AtMost(1)]
    public required Length Amount { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        using var scope = torch.NewDisposeScope();
        var bias = draw.Numbers(Distribution, device.Masks.Layers, 1, 1) * (Amount.Metres * strength);
        device.Masks.AddHeights(OnChosen(bias.expand(device.Masks.Shape)));
    }
}
