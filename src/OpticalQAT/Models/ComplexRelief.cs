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
    public override Tensor Transmission(Tensor positions)
    {
        using var scope = NewDisposeScope();
        return polar(Amplitude(positions), positions.select(-3, 0).contiguous()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor positions)
    {
        using var scope = NewDisposeScope();
        return (Transmission(positions).MoveToOuterDisposeScope(), HeightsOf(positions).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor positions) => Transmission(positions.detach());

    /// <inheritdoc/>
    /// <returns>float64, […, n, n], metres of optical path, within one wave.</returns>
    public override Tensor PrintedHeights(Tensor positions) => HeightsOf(positions.detach());

    /// <inheritdoc/>
    public override Tensor PrintedAmplitudes(Tensor positions) => Amplitude(positions.detach());

    /// <inheritdoc/>
    public override void Confine(Tensor positions)
    {
        using var amplitude = positions.select(-3, 1);
        amplitude.clamp_(0, 1);
    }

    private Tensor HeightsOf(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var phase = positions.select(-3, 0).to(ScalarType.Float64).remainder(2 * Math.PI);
        return (phase / Material.PhasePerMetre).MoveToOuterDisposeScope();
    }

    private static Tensor Amplitude(Tensor positions)
    {
        using var scope = NewDisposeScope();
        return positions.select(-3, 1).clamp(0, 1).contiguous().MoveToOuterDisposeScope();
    }
}
