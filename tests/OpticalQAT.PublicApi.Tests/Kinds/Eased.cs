using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Lingers at the levels: the share s of the way from one to the next becomes s - sin(2πs)/(2π).</summary>
[Kind("eased")]
public sealed record Eased : QuantizerKind
{
    /// <inheritdoc/>
    public override Quantizer Build(LevelTable levels, Tensor positions) => new EasedIndex(levels, (int)positions.shape[0]);

    private sealed class EasedIndex(LevelTable levels, int masks) : Quantizer(levels, masks)
    {
        public override TrainingForward Forward => TrainingForward.Soft;

        public override SoftIndex Soften(Tensor positions)
        {
            using var scope = NewDisposeScope();
            var (cell, share) = Levels.Split(positions);
            return new CellIndex(cell, share - (2 * Math.PI * share).sin() / (2 * Math.PI)).MoveToOuterDisposeScope();
        }
    }
}
