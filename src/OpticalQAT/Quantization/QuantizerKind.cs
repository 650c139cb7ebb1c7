using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>Between two levels, what is interpolated, and so what the gradient is the slope of.</summary>
public enum GradientDomain
{
    /// <summary>The complex transmissions of the levels. The output field is linear in them, so the slope along the chord is exactly the first-order effect of moving a pixel to its neighbouring level.</summary>
    Transmission,

    /// <summary>The heights, from which the transmission follows. What the literature does.</summary>
    Height,
}

/// <summary>How a learnable height becomes one that can be printed.</summary>
[Family("quantizer")]
public abstract record QuantizerKind : Variant, IChecked
{
    /// <summary>What is interpolated between two levels while training.</summary>
    public GradientDomain Gradient { get; init; } = GradientDomain.Transmission;

    /// <summary>The heights that can be printed.</summary>
    public LevelsKind? Levels { get; init; }

    /// <summary>The quantizer of one mask.</summary>
    /// <param name="levels">The mask's level table.</param>
    /// <param name="position">float32, [n, n], level units: where the mask's pixels start from; to be copied, not kept.</param>
    public abstract Quantizer Build(LevelTable levels, Tensor position);

    /// <inheritdoc/>
    public virtual IEnumerable<Problem> Check()
    {
        if (Levels is null)
            yield return new Problem("levels", "the quantizer needs its level table, for example levels: { kind: cyclic, count: 4 }");
    }
}
