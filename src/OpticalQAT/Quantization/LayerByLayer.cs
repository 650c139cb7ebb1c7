using OpticalQAT.Configuration;

namespace OpticalQAT.Quantization;

/// <summary>The layer that is quantized first.</summary>
public enum FirstLayer
{
    /// <summary>The one that the light meets first; those behind it make up for what it loses.</summary>
    Input,

    /// <summary>The one that the light meets last.</summary>
    Output,
}

/// <summary>For one layer after the other, in equal parts of the time, the first with the first step.</summary>
[Kind("layer_by_layer")]
public sealed record LayerByLayer : SwitchOnKind
{
    /// <summary>The layer that is the first.</summary>
    public FirstLayer First { get; init; } = FirstLayer.Input;

    /// <summary>The progress of the phase, between 0 and 1, from which on it is on for all layers.</summary>
    [Above(0), AtMost(1)]
    public double Until { get; init; } = 0.5;

    /// <inheritdoc/>
    public override double Share(int layer, int layers, double progress)
    {
        var turn = First == FirstLayer.Input ? layer : layers - 1 - layer;
        return turn == 0 || progress >= Until * turn / (layers - 1) ? 1 : 0;
    }
}
