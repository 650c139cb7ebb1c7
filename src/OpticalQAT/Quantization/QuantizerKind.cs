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
    public abstract Quantizer Build(LevelSpace levels);

    /// <inheritdoc/>
    public virtual IEnumerable<Problem> Check()
    {
        if (Levels is null)
            yield return new Problem("levels", "the quantizer needs its level table, for example levels: { kind: cyclic, count: 4 }");
    }
}

/// <summary>
/// Turns positions in level units into soft indices while training. In evaluation nothing of it is asked: there the
/// position is rounded to the nearest level (<see cref="LevelSpace.Nearest"/>), whatever the kind.
/// </summary>
public abstract class Quantizer(LevelSpace levels) : nn.Module(nameof(Quantizer))
{
    /// <summary>How many levels there are, and whether they close to a circle.</summary>
    public LevelSpace Levels { get; } = levels;

    /// <summary>Whether the forward value while training is already a level, so that soft and hard scores are the same.</summary>
    public abstract bool IsHardWhileTraining { get; }

    /// <summary>The soft index of each position, differentiable in it.</summary>
    /// <param name="position">Real, any shape, level units.</param>
    /// <param name="progress">How far training is, from 0 to 1: what schedules follow.</param>
    public abstract SoftIndex Soften(Tensor position, double progress);
}
