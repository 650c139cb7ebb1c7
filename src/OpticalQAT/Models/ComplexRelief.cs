using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// A mask of free phase and free amplitude: positions are […, 2, n, n], first the phase in radians, which wraps, then
/// the amplitude from 0 to 1.
/// </summary>
/// <param name="material">What optical paths are measured in.</param>
public sealed class ComplexRelief(Material material) : Relief(material)
{
    /// <inheritdoc/>
    public override Tensor Transmission(Tensor position)
    {
        using var scope = NewDisposeScope();
        return polar(Amplitude(position), position.select(-3, 0).contiguous()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Transmission(Tensor positions, IReadOnlyList<Relief> masks) => Transmission(positions);

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor position)
    {
        using var scope = NewDisposeScope();
        return (Transmission(position).MoveToOuterDisposeScope(), HeightsOf(position).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor position) => Transmission(position.detach());

    /// <inheritdoc/>
    /// <returns>float64, […, n, n], metres of optical path, within one wave.</returns>
    public override Tensor PrintedHeights(Tensor position) => HeightsOf(position.detach());

    /// <inheritdoc/>
    public override Tensor PrintedAmplitudes(Tensor position) => Amplitude(position.detach());

    /// <inheritdoc/>
    public override void Confine(Tensor position)
    {
        using var amplitude = position.select(-3, 1);
        amplitude.clamp_(0, 1);
    }

    private Tensor HeightsOf(Tensor position)
    {
        using var scope = NewDisposeScope();
        var phase = position.select(-3, 0).to(ScalarType.Float64).remainder(2 * Math.PI);
        return (phase / Material.PhasePerMetre).MoveToOuterDisposeScope();
    }

    private static Tensor Amplitude(Tensor position)
    {
        using var scope = NewDisposeScope();
        return position.select(-3, 1).clamp(0, 1).contiguous().MoveToOuterDisposeScope();
    }
}
