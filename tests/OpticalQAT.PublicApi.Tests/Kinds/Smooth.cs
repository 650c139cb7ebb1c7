using OpticalQAT.Configuration;
using OpticalQAT.Quantization;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>For a share of the pixels that rises as the square of a sine, to all of them at the end.</summary>
[Kind("smooth")]
public sealed record Smooth : SwitchOnKind
{
    /// <inheritdoc/>
    public override double Share(int layer, int layers, double progress) => Math.Pow(Math.Sin(Math.PI / 2 * progress), 2);
}
