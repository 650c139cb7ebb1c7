using OpticalQAT.Optics;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>A mask, and the way from it to the next plane: u ↦ P(t·u).</summary>
public class DiffractiveLayer : nn.Module<Tensor, Tensor>
{
    private readonly Propagator _propagator;

    [ComponentName(Name = "mask")]
    private readonly HeightMask _mask;

    /// <summary>A layer.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="propagator">What carries the light.</param>
    /// <param name="distance">From the mask to the next plane, in metres.</param>
    public DiffractiveLayer(HeightMask mask, Propagator propagator, double distance) : base(nameof(DiffractiveLayer))
    {
        _mask = mask;
        _propagator = propagator;
        Distance = distance;
#pragma warning disable MA0056 // torch's registration of fields; no layer overrides it
        RegisterComponents();
#pragma warning restore MA0056
    }

    /// <summary>The mask.</summary>
    public HeightMask Mask => _mask;

    /// <summary>From the mask to the next plane, in metres.</summary>
    public double Distance { get; }

    /// <summary>The field at the next plane.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the mask.</param>
    public override Tensor forward(Tensor field) => Forward(field, _propagator.Over(Distance));

    /// <summary>The field at the next plane, where the way there is not the layer's own.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the mask.</param>
    /// <param name="behind">The way from the mask to the next plane.</param>
    public Tensor Forward(Tensor field, Passage behind)
    {
        using var scope = NewDisposeScope();
        return _propagator.Propagate(Mask.Transmission() * field, behind).MoveToOuterDisposeScope();
    }
}
