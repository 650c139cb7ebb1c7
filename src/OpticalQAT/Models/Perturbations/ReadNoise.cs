using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The detector's electronics add normal noise to each reading.</summary>
[Kind("read_noise")]
public sealed record ReadNoise : PerturbationKind
{
    /// <summary>Its standard deviation, as a share of the brightest reading of the image.</summary>
    [AtLeast(0), AtMost(1000)]
    public required double Sigma { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => new(Sigma * 100, "% of the brightest reading");

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        if (strength > 0)
            device.Detector.AddNoise(Sigma * strength, draw.Seed());
    }
}
