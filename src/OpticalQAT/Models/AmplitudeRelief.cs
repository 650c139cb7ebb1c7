using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>A mask that only absorbs: positions are amplitudes from 0 to 1, and no height is printed.</summary>
/// <param name="material">What optical paths are measured in.</param>
public sealed class AmplitudeRelief(Material material) : Relief(material)
{
    /// <inheritdoc/>
    public override Tensor Transmission(Tensor positions, IReadOnlyList<Relief> masks)
    {
        using var scope = NewDisposeScope();
        var amplitude = positions.clamp(0, 1);
        return complex(amplitude, zeros_like(amplitude)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor position) => (Transmission(position), PrintedHeights(position));

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor position) => Transmission(position.detach());

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor position) => zeros_like(position.detach(), ScalarType.Float64);

    /// <inheritdoc/>
    public override Tensor PrintedAmplitudes(Tensor position) => position.detach().clamp(0, 1);

    /// <inheritdoc/>
    public override void Confine(Tensor position) => position.clamp_(0, 1);
}
