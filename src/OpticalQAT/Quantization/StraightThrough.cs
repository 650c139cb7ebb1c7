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
    public override Quantizer Build(LevelTable levels, Tensor positions) => new RoundedIndex(levels, (int)positions.shape[0]);

    private sealed class RoundedIndex(LevelTable levels, int masks) : Quantizer(levels, masks)
    {
        public override TrainingForward Forward => TrainingForward.Printed;

        public override SoftIndex Soften(Tensor positions) => Round(positions, Levels);
    }

    /// <summary>The nearest level, with the slope of the cell it lies in.</summary>
    internal static SoftIndex Round(Tensor positions, LevelSpace levels)
    {
        using var scope = NewDisposeScope();
        var (cell, fraction) = levels.Split(positions);
        // s + (round(s) - s) is exactly 0 or 1: for s ≥ ½ the difference 1-s has no rounding error.
        var rounded = fraction + (fraction.ge(0.5).to(fraction.dtype) - fraction).detach();
        return new CellIndex(cell, rounded).MoveToOuterDisposeScope();
    }
}
