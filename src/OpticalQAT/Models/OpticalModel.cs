using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// A model of an optical processor: printed masks, and what carries the light to them, between them and to the output
/// plane. There is one order of things: input plane, first mask, through the masks, output plane.
/// </summary>
public abstract class OpticalModel : nn.Module<Tensor, Tensor>
{
    /// <summary>A model.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="propagator">What carries the light through free space; it has the grid of the input and output planes.</param>
    /// <param name="masks">The masks.</param>
    protected OpticalModel(string name, Propagator propagator, MaskStack masks) : base(name)
    {
        (Propagator, Masks) = (propagator, masks);
#pragma warning disable MA0056 // torch's own registration; no model overrides it
        register_module("masks", masks);
#pragma warning restore MA0056
    }

    /// <summary>The printed masks, in layer order.</summary>
    public MaskStack Masks { get; }

    /// <summary>The propagator through free space.</summary>
    public Propagator Propagator { get; }

    /// <summary>The sampling of the input and output planes.</summary>
    public Grid Grid => Propagator.Grid;

    /// <summary>The free space between the planes: input to first mask, …, last mask to output. There is none where the light goes through lenses.</summary>
    public abstract IReadOnlyList<Length> Gaps { get; }

    /// <summary>The field at the output plane.</summary>
    /// <param name="input">complex64, [B, N, N], or [B, W, N, N] in light of several wavelengths, at the input plane.</param>
    /// <returns>complex64, of the same shape.</returns>
    public override Tensor forward(Tensor input) => Forward(input);

    /// <summary>The field at the output plane of a device.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    /// <param name="device">How it differs from the design; null not at all. Must outlive the backward pass.</param>
    public Tensor Forward(Tensor input, Deviation? device = null)
    {
        using var scope = NewDisposeScope();
        return FromFirstMask(ToFirstMask(input, device), SurfaceOf(device), device).MoveToOuterDisposeScope();
    }

    /// <summary>The field just before the first mask. Nothing up to there is learnt: it is worked out once for a whole data set.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    /// <param name="device">How the device differs from the design; null not at all.</param>
    public Tensor ToFirstMask(Tensor input, Deviation? device = null)
    {
        if (device is not { ReachesInput: true })
            return ReachFirstMask(input, null);
        using var scope = NewDisposeScope();
        return ReachFirstMask(device.Entering(input, this), device.Propagations(this) is [var first, ..] ? first : null).MoveToOuterDisposeScope();
    }

    /// <summary>The field at the output plane, of that before the first mask.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the first mask.</param>
    /// <param name="device">How the device differs from the design; null not at all. Must outlive the backward pass.</param>
    /// <exception cref="ArgumentException">The light reaches the device's first mask otherwise, so that the field there is not the design's.</exception>
    public Tensor FromFirstMask(Tensor field, Deviation? device = null)
    {
        if (device is { ReachesInput: true })
            throw new ArgumentException("the errors of this device change the light before the first mask; give its input to Forward", nameof(device));
        using var scope = NewDisposeScope();
        return FromFirstMask(field, SurfaceOf(device), device).MoveToOuterDisposeScope();
    }

    /// <summary>The same through given masks: where the gradient is wanted by what the light meets, and not by what that is made of.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the first mask.</param>
    /// <param name="surface">What the light meets.</param>
    /// <param name="device">How the device differs from the design in what lies between the masks; null not at all.</param>
    public Tensor FromFirstMask(Tensor field, MaskSurface surface, Deviation? device = null) =>
        Through(field, surface, device?.Propagations(this));

    /// <summary>The field at the output plane with nothing where the masks would be, each plane cut to the grid.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], where the first mask would be.</param>
    public abstract Tensor WithoutMasks(Tensor field);

    /// <summary>The field at every plane: just before each mask, and at the output. Kept for pictures.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    public IReadOnlyList<Tensor> Planes(Tensor input)
    {
        using var scope = NewDisposeScope();
        return [.. PlanesFrom(ToFirstMask(input)).Select(plane => plane.MoveToOuterDisposeScope())];
    }

    /// <summary>The same, of the field just before the first mask.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N].</param>
    public abstract IReadOnlyList<Tensor> PlanesFrom(Tensor field);

    /// <summary>The field just before the first mask.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    /// <param name="propagation">That over the first gap, where it is not the design's; null otherwise, and where there is no gap.</param>
    protected abstract Tensor ReachFirstMask(Tensor input, Propagation? propagation);

    /// <summary>The field at the output plane.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the first mask.</param>
    /// <param name="surface">What the light meets.</param>
    /// <param name="propagations">Those over all gaps, where they are not the design's; null otherwise.</param>
    protected abstract Tensor Through(Tensor field, MaskSurface surface, IReadOnlyList<Propagation>? propagations);

    private MaskSurface SurfaceOf(Deviation? device) => device?.Surface(Masks) ?? Masks.Surface();
}
