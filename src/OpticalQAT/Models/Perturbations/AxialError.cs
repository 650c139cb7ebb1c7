using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The planes stand at wrong distances, each gap by itself.</summary>
[Kind("axial_error")]
public sealed record AxialError : PerturbationKind
{
    /// <summary>The meaning of the amount.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The error's standard deviation, its bound, or its size, as the distribution has it.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Amount { get; init; }

    /// <summary>The gaps that have it, counted from 0, that from the input to the first layer, to the number of layers, that to the output; null is all of them.</summary>
    [AtLeast(0), AtMost(1000)]
    public int[]? Gaps { get; init; }

    /// <inheritdoc/>
    public override bool ChangesFreeSpace => true;

    /// <inheritdoc/>
    public override bool ReachesInput => Gaps is null || Gaps.Contains(0);

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        for (var gap = 0; gap <= device.Masks.Layers; gap++)
        {
            var error = draw.Number(Distribution) * Amount.Metres * strength;
            if (Gaps is null || Gaps.Contains(gap))
                device.Lengthen(gap, error);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Problem> Examine(int layers) => Gaps is { } chosen && chosen.Any(gap => gap < 0 || gap > layers)
        ? [new Problem("gaps", $"the gaps [{string.Join(", ", chosen)}] must lie between 0 and {layers}: before the first layer, …, behind the last")]
        : [];
}
