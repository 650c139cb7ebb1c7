using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>What tests do to the state of a quantizer.</summary>
internal static class QuantizerState
{
    /// <summary>A parameter by its dotted name, those of an inner quantizer as <c>inner.NAME</c>.</summary>
    public static TorchSharp.Modules.Parameter Parameter(this Quantizer quantizer, string name) =>
        quantizer.named_parameters().Single(each => string.Equals(each.name, name, StringComparison.Ordinal)).parameter;

    /// <summary>Confines as the trainer does, without recording it.</summary>
    public static void ConfineUntracked(this Quantizer quantizer, Tensor positions)
    {
        using var untracked = no_grad();
        quantizer.Confine(positions);
    }
}
