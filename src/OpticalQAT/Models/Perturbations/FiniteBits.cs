using OpticalQAT.Configuration;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The detector's readings are whole numbers of so many bits, of which the brightest of an image is the largest.</summary>
[Kind("finite_bits")]
public sealed record FiniteBits : PerturbationKind
{
    /// <summary>The number of bits: 2^bits - 1 steps. Twice the strength is steps twice as wide.</summary>
    [AtLeast(1), AtMost(32)]
    public required int Bits { get; init; }

    /// <inheritdoc/>
    public override bool IsDrawn => false;

    /// <inheritdoc/>
    public override ErrorSize Size => new(100 / (Math.Pow(2, Bits) - 1), "% of the brightest reading a step");

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        if (strength > 0)
            device.Detector.Round((Math.Pow(2, Bits) - 1) / strength);
    }
}
