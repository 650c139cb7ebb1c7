using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// Forward the nearest level, backward as if nothing had been rounded: the slope is that of the straight line
/// between the two neighbouring levels (Bengio et al., arXiv 1308.3432; "fake quantization"). Beyond the ends of a
/// table that does not close the gradient is 0; masks keep their positions from straying there.
/// </summary>
[Kind("straight_through")]
public sealed record StraightThrough : QuantizerKind
{
    /// <inheritdoc/>
    public override Quantizer Build(LevelSpace levels) => new RoundedIndex(levels);

    private sealed class RoundedIndex(LevelSpace levels) : Quantizer(levels)
    {
        public override bool IsHardWhileTraining => true;

        public override SoftIndex Soften(Tensor position, double progress)
        {
            using var scope = NewDisposeScope();
            var (cell, fraction) = Levels.Split(position);
            // s + (round(s) - s) is exactly 0 or 1: for s ≥ ½ the difference 1-s has no rounding error.
            var rounded = fraction + (fraction.ge(0.5).to(fraction.dtype) - fraction).detach();
            return new SoftIndex(cell.MoveToOuterDisposeScope(), rounded.MoveToOuterDisposeScope());
        }
    }
}
