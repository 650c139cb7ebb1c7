using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>A mask that only absorbs: positions are amplitudes from 0 to 1, and no height is printed.</summary>
/// <param name="material">What optical paths are measured in.</param>
public sealed class AmplitudeRelief(Material material) : Relief(material)
{
    /// <inheritdoc/>
    public override Tensor Transmission(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var amplitude = positions.clamp(0, 1);
        return complex(amplitude, zeros_like(amplitude)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor positions) => (Transmission(positions), PrintedHeights(positions));

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor positions) => Transmission(positions.detach());

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor positions) => zeros_like(positions.detach(), ScalarType.Float64);

    /// <inheritdoc/>
    public override Tensor PrintedAmplitudes(Tensor positions) => positions.detach().clamp(0, 1);

    /// <inheritdoc/>
    public override void Confine(Tensor positions) => positions.clamp_(0, 1);
}
