using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>The negative of the image is the amplitude of the light: u = 1 - v.</summary>
[Kind("negative")]
public sealed record Negative : EncodingKind
{
    /// <inheritdoc/>
    protected override Tensor Modulate(Tensor values) => InPhase(1 - values);
}
