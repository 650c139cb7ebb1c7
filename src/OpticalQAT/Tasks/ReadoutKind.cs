using OpticalQAT.Configuration;

namespace OpticalQAT.Tasks;

/// <summary>The form of the region powers at a read-out's input. Neither depends on the brightness of the light.</summary>
public enum ReadoutInput
{
    /// <summary>R·P/ΣP: each of the R regions' share of the power, in units of an even share.</summary>
    Share,

    /// <summary>The natural logarithm of that, of shares above a thousandth of an even one.</summary>
    Log,
}

/// <summary>
/// Digital electronics behind the detector, which make the processor an optoelectronic one: what they work out of the
/// region powers is added to the scores of the light. Their parameters are learnt along with the heights.
/// </summary>
[Family("readout")]
public abstract record ReadoutKind : Variant
{
    /// <summary>The read-out of a detector; null where there is none.</summary>
    /// <param name="regions">R, the powers that it is given.</param>
    /// <param name="classes">K, the scores that it gives.</param>
    public abstract Readout? Build(int regions, int classes);
}

/// <summary>No electronics: the scores are those of the light alone.</summary>
[Kind("none")]
public sealed record NoReadout : ReadoutKind
{
    /// <inheritdoc/>
    public override Readout? Build(int regions, int classes) => null;
}

/// <summary>One matrix and an offset: W·x + b, both 0 at the start. R·K + K parameters.</summary>
[Kind("linear")]
public sealed record LinearReadout : ReadoutKind
{
    /// <summary>The form of the powers at its input.</summary>
    public ReadoutInput Input { get; init; } = ReadoutInput.Log;

    /// <inheritdoc/>
    public override Readout Build(int regions, int classes) => new PerceptronReadout(Input, regions, classes, hidden: null);
}

/// <summary>One hidden layer: W₂·max(0, W₁·x + b₁) + b₂. The hidden weights start at random, the same for every run, the outer ones at 0. H·(R+1) + K·(H+1) parameters.</summary>
[Kind("mlp")]
public sealed record MlpReadout : ReadoutKind
{
    /// <summary>The form of the powers at its input.</summary>
    public ReadoutInput Input { get; init; } = ReadoutInput.Log;

    /// <summary>Hidden units, H.</summary>
    [AtLeast(1), AtMost(4096)]
    public int Hidden { get; init; } = 32;

    /// <inheritdoc/>
    public override Readout Build(int regions, int classes) => new PerceptronReadout(Input, regions, classes, Hidden);
}
