using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>The quantity that is interpolated between two levels, and so the one that the gradient is the slope of.</summary>
public enum GradientDomain
{
    /// <summary>The complex transmissions of the levels. The output field is linear in them, so the slope along the chord is exactly the first-order effect of moving a pixel to its neighbouring level.</summary>
    Transmission,

    /// <summary>The heights, from which the transmission follows. What the literature does.</summary>
    Height,
}

/// <summary>The differentiable quantizer, which turns a learnable height into one that can be printed.</summary>
[Family("quantizer")]
public abstract record QuantizerKind : Variant
{
    /// <summary>The quantity that is interpolated between two levels in training.</summary>
    public GradientDomain Gradient { get; init; } = GradientDomain.Transmission;

    /// <summary>The heights that can be printed. A quantizer inside another one takes those of the outer one.</summary>
    public LevelsKind? Levels { get; init; }

    /// <summary>The switching on after full precision.</summary>
    public SwitchOnKind SwitchOn { get; init; } = new AtOnce();

    /// <summary>Whether it changes its level tables: a model's file then says which it ended with.</summary>
    public virtual bool LearnsLevels => false;

    /// <summary>Whether it learns the positions of pixels rather than something in their place.</summary>
    public virtual bool LearnsPositions => true;

    /// <summary>The quantizer of masks of one level table.</summary>
    /// <param name="levels">The level table.</param>
    /// <param name="positions">float32, [masks, n, n], level units: the initial positions of the masks' pixels; to be copied, not kept.</param>
    public abstract Quantizer Build(LevelTable levels, Tensor positions);

    /// <summary>The remarks on it with a table, without training.</summary>
    /// <param name="levels">One of the layers' tables.</param>
    /// <param name="pixels">Printed pixels of all layers.</param>
    public virtual IEnumerable<QuantizerRemark> Examine(LevelTable levels, long pixels) => [];

    /// <summary>Numbers that are learnt for each pixel.</summary>
    public virtual int NumbersPerPixel(LevelTable levels) => 1;

    /// <summary>The problems of a quantizer that stands inside this one.</summary>
    protected static IEnumerable<Problem> CheckInner(string key, QuantizerKind? inner)
    {
        if (inner is NoQuantizer)
            yield return new Problem(key, "'none' quantizes nothing; leave the key out, or name what works inside, for example { kind: straight_through }");
        if (inner is { Levels: not null })
            yield return new Problem($"{key}.levels", "the level table stands with the outer quantizer, for all that works inside; move it there");
        if (inner is { SwitchOn: not AtOnce })
            yield return new Problem($"{key}.switch_on", "how the quantizer is switched on stands with the outer one; move it there");
    }
}

/// <summary>A finding of an examination of a quantizer.</summary>
/// <param name="IsError">Whether it cannot work at all.</param>
/// <param name="Key">The key it is about, relative to the quantizer.</param>
/// <param name="Message">What is wrong, with numbers, and the remedy.</param>
public sealed record QuantizerRemark(bool IsError, string Key, string Message);
