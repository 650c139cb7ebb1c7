using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>One mask of a stack, and the free space from it to the next plane: u ↦ P(t·u).</summary>
/// <param name="masks">The stack, which keeps what is learnt.</param>
/// <param name="layer">The mask's layer, counted from 0.</param>
/// <param name="propagator">What carries the light.</param>
/// <param name="distance">From the mask to the next plane.</param>
public sealed class DiffractiveLayer(MaskStack masks, int layer, Propagator propagator, Length distance) : nn.Module<Tensor, Tensor>(nameof(DiffractiveLayer))
{
    /// <summary>From the mask to the next plane.</summary>
    public Length Distance => distance;

    /// <summary>The mask's transmission, complex64, [N, N]; [W, N, N] in light of several wavelengths.</summary>
    public Tensor Transmission()
    {
        using var scope = NewDisposeScope();
        return masks.Surface().Transmissions.select(-3, layer).MoveToOuterDisposeScope();
    }

    /// <summary>The field at the next plane.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the mask.</param>
    public override Tensor forward(Tensor field)
    {
        using var scope = NewDisposeScope();
        return Through(field, Transmission()).MoveToOuterDisposeScope();
    }

    /// <summary>The same with the transmission at hand, of which a stack works out all at once.</summary>
    internal Tensor Through(Tensor field, Tensor transmission)
    {
        using var scope = NewDisposeScope();
        return propagator.Propagate(transmission * field, distance.Metres).MoveToOuterDisposeScope();
    }
}
