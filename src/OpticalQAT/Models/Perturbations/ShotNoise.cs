using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>Light comes in photons: each reading of the detector is a Poisson number of them. A design that loses its light reads few.</summary>
[Kind("shot_noise")]
public sealed record ShotNoise : PerturbationKind
{
    /// <summary>The number of photons that enter the device with one image, on average; every one that arrives is counted. Twice the strength is a quarter of them.</summary>
    [AtLeast(1e-6), AtMost(1e15)]
    public required double Photons { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => new(100 / Math.Sqrt(Photons), "% shot noise of all light");

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        if (strength > 0)
            device.Detector.CountPhotons(Photons / (strength * strength), draw.Seed());
    }
}
