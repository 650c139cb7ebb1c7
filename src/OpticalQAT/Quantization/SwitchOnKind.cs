using OpticalQAT.Configuration;

namespace OpticalQAT.Quantization;

/// <summary>The switching on of the quantizer after full precision. Pixels that it is not switched on for keep free heights, and go on learning.</summary>
[Family("switch_on")]
public abstract record SwitchOnKind : Variant
{
    /// <summary>The share of a layer's pixels that the quantizer is on for.</summary>
    /// <param name="layer">The layer's index in layer order: 0 is layer 1.</param>
    /// <param name="layers">How many there are.</param>
    /// <param name="progress">From 0 at the phase's first step to 1 after its last.</param>
    public abstract double Share(int layer, int layers, double progress);
}

/// <summary>For all pixels with the first step.</summary>
[Kind("at_once")]
public sealed record AtOnce : SwitchOnKind
{
    /// <inheritdoc/>
    public override double Share(int layer, int layers, double progress) => 1;
}
