using OpticalQAT.Configuration;

namespace OpticalQAT.Quantization;

/// <summary>For a share of the pixels of every layer that grows evenly. Which ones come first is drawn from the seed.</summary>
[Kind("share")]
public sealed record GrowingShare : SwitchOnKind
{
    /// <summary>The share with the first step.</summary>
    [AtLeast(0), AtMost(1)]
    public double From { get; init; } = 0.25;

    /// <summary>The progress of the phase, between 0 and 1, from which on it is on for all pixels.</summary>
    [Above(0), AtMost(1)]
    public double Until { get; init; } = 0.5;

    /// <inheritdoc/>
    public override double Share(int layer, int layers, double progress) =>
        progress >= Until ? 1 : From + (1 - From) * progress / Until;
}
