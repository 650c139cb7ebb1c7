using System.Globalization;

namespace OpticalQAT.Training;

/// <summary>The loss as the quantizer was switched on: on the validation split, before the first step through it.</summary>
/// <param name="FullPrecisionLoss">That of the full-precision model.</param>
/// <param name="SoftLoss">That of the soft forward, from which training goes on; null where training sees the printed levels.</param>
/// <param name="HardLoss">That of the printed levels.</param>
public sealed record SwitchedOn(double FullPrecisionLoss, double? SoftLoss, double HardLoss)
{
    private const double MuchLarger = 2;

    /// <summary>The factor by which the loss is larger that training continues from.</summary>
    public double Jump => (SoftLoss ?? HardLoss) / FullPrecisionLoss;

    /// <summary>The jump in words, and what usually helps where it is large.</summary>
    public override string ToString()
    {
        var soft = SoftLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", {loss:0.0000} as training sees it") : "";
        var told = string.Create(CultureInfo.InvariantCulture, $"The quantizer came on: the validation loss was {FullPrecisionLoss:0.0000} in full precision and is {HardLoss:0.0000} at the printed levels{soft}.");
        return !(FullPrecisionLoss > 0) || Jump < MuchLarger
            ? told
            : told + string.Create(CultureInfo.InvariantCulture, $" Training goes on from a loss {Jump:0.#} times as large. What usually helps, where the result suffers from it: more levels; a learning rate that can move pixels by whole levels (0.03 to 0.1 at 2 to 4 levels) and more epochs; quantizer.switch_on: {{ kind: share }} or {{ kind: layer_by_layer }}; a kind with a soft start such as progressive_sigmoid or soft_tanh.");
    }
}
