using OpticalQAT.Configuration;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Masks that warped as they cooled: heights off by a paraboloid, whose size at the edge is drawn of a normal distribution.</summary>
[Kind("warp")]
public sealed record Warp : LayerError
{
    /// <summary>The standard deviation at the edge.</summary>
    [AtLeast(0), AtMost(1)]
    public required Length Amount { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        using var scope = NewDisposeScope();
        var squares = linspace(-1, 1, device.Masks.Shape[1]).square();
        var sizes = draw.Numbers(ErrorDistribution.Normal, device.Masks.Layers, 1, 1) * (Amount.Metres * strength);
        device.Masks.AddHeights(OnChosen(sizes * (squares + squares.unsqueeze(1)) / 2));
    }
}
