using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// Full precision: heights are any heights, in training and in evaluation, and the result says so. Where
/// <c>levels</c> are given, the result is also rounded to them, as the post-training baseline.
/// </summary>
[Kind("none")]
public sealed record NoQuantizer : QuantizerKind
{
    /// <inheritdoc/>
    public override Quantizer Build(LevelTable levels, Tensor position) => new Identity(levels);

    private sealed class Identity(LevelTable levels) : Quantizer(levels)
    {
        public override TrainingForward Shows => TrainingForward.Soft;

        public override SoftIndex Soften(Tensor positions, IReadOnlyList<Quantizer> masks) => Levels.Split(positions);
    }
}
