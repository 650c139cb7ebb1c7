using OpticalQAT.Configuration;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>The mean of sqrt(d² + ε²) - ε, a distance that is smooth where it ends.</summary>
[Kind("charbonnier")]
public sealed record Charbonnier : ImagingLossKind
{
    /// <summary>ε, below which differences count by their square.</summary>
    [AtLeast(1e-9), AtMost(1)]
    public double Epsilon { get; init; } = 1e-3;

    /// <inheritdoc/>
    public override Tensor Of(Tensor image, Tensor target, StructuralSimilarity similarity)
    {
        using var scope = NewDisposeScope();
        return (((image - target).square() + Epsilon * Epsilon).sqrt() - Epsilon).mean().MoveToOuterDisposeScope();
    }
}
