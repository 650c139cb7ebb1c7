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
    public override Quantizer Build(LevelTable levels, Tensor positions) => new Identity(levels, (int)positions.shape[0]);

    private sealed class Identity(LevelTable levels, int masks) : Quantizer(levels, masks)
    {
        public override TrainingForward Forward => TrainingForward.Soft;

        public override SoftIndex Soften(Tensor positions) => Levels.Split(positions);
    }
}
