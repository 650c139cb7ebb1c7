using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>A mask, and the way from it to the next plane: u ↦ P(t·u).</summary>
public sealed class DiffractiveLayer : nn.Module<Tensor, Tensor>
{
    private readonly Propagator _propagator;

    /// <summary>A layer.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="propagator">What carries the light.</param>
    /// <param name="distance">From the mask to the next plane, in metres.</param>
    public DiffractiveLayer(HeightMask mask, Propagator propagator, double distance) : base(nameof(DiffractiveLayer))
    {
        Mask = mask;
        _propagator = propagator;
        Distance = distance;
        register_module("mask", mask);
    }

    /// <summary>The mask.</summary>
    public HeightMask Mask { get; }

    /// <summary>From the mask to the next plane, in metres.</summary>
    public double Distance { get; }

    /// <summary>The field at the next plane.</summary>
    /// <param name="field">complex64, [B, N, N], just before the mask.</param>
    public override Tensor forward(Tensor field)
    {
        using var scope = NewDisposeScope();
        return _propagator.Propagate(Mask.Transmission() * field, Distance).MoveToOuterDisposeScope();
    }
}
