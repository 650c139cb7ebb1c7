using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>A stack of printed masks with free space before, between and behind them (Lin et al., Science 361, 1004, 2018).</summary>
public sealed class DiffractiveNetwork : OpticalModel
{
    private readonly Lazy<FastStack[]> _fastStacks;

    /// <summary>A network.</summary>
    /// <param name="propagator">What carries the light.</param>
    /// <param name="masks">The masks, L.</param>
    /// <param name="gaps">The L + 1 distances: from the input plane to the first mask, …, from the last mask to the output plane.</param>
    /// <exception cref="ArgumentException">There are not as many distances.</exception>
    public DiffractiveNetwork(Propagator propagator, MaskStack masks, params IReadOnlyList<Length> gaps) : base(nameof(DiffractiveNetwork), propagator, masks)
    {
        if (gaps.Count != masks.Count + 1)
            throw new ArgumentException($"{masks.Count} masks have {masks.Count + 1} gaps before, between and behind them, but there are {gaps.Count} distances", nameof(gaps));
        Gaps = gaps;
        Layers = [.. Enumerable.Range(0, masks.Count).Select(layer => new DiffractiveLayer(masks, layer, propagator, gaps[layer + 1]))];
        _fastStacks = new(() => [.. propagator.Lines.Select(line => line.FastStack(gaps.Skip(1).Select(gap => gap.Metres)))]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Length> Gaps { get; }

    /// <summary>The layers in order, each a mask and the free space behind it: one after the other they do what the network does.</summary>
    public IReadOnlyList<DiffractiveLayer> Layers { get; }

    /// <inheritdoc/>
    public override Tensor WithoutMasks(Tensor field)
    {
        using var scope = NewDisposeScope();
        return Gaps.Skip(1).Aggregate(field.alias(), (u, gap) => Propagator.Propagate(u, gap.Metres)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> PlanesFrom(Tensor field)
    {
        using var scope = NewDisposeScope();
        var transmissions = Masks.Surface().Transmissions;
        List<Tensor> planes = [field.alias().MoveToOuterDisposeScope()];
        foreach (var (i, layer) in Layers.Index())
            planes.Add(layer.Through(planes[^1], transmissions.select(-3, i)).MoveToOuterDisposeScope());
        return planes;
    }

    /// <inheritdoc/>
    protected override Tensor ReachFirstMask(Tensor input, Propagation? propagation) =>
        Propagator.Propagate(input, propagation ?? Propagator.Over(Gaps[0].Metres));

    /// <inheritdoc/>
    protected override Tensor Through(Tensor field, MaskSurface surface, IReadOnlyList<Propagation>? propagations)
    {
        using var scope = NewDisposeScope();
        var (transmissions, behind) = (surface.Transmissions, propagations?.Skip(1).ToArray());
        if (Propagator.IsFast(field))
            return EachLine(field, transmissions, (u, t, w) => _fastStacks.Value[w].Forward(u, t, behind?.Select(propagation => propagation.Lines[w].Kernel).ToArray())).MoveToOuterDisposeScope();
        if (field.dtype != transmissions.dtype)
            (field, transmissions) = (field.to(ScalarType.ComplexFloat64), transmissions.to(ScalarType.ComplexFloat64));
        behind ??= [.. Gaps.Skip(1).Select(gap => Propagator.Over(gap.Metres))];
        return EachLine(field, transmissions, (u, t, w) => TorchStack.Apply(u, t, [.. behind.Select(propagation => propagation.Lines[w].OnWorkingPlane(u.device, u.dtype))])).MoveToOuterDisposeScope();
    }

    /// <summary>Through a stack of its own for each wavelength w, of field and transmissions of that wavelength.</summary>
    private Tensor EachLine(Tensor field, Tensor transmissions, Func<Tensor, Tensor, int, Tensor> through) => Propagator.Lines.Count == 1
        ? through(field, transmissions, 0)
        : stack(Propagator.Lines.Select((_, w) => through(field.select(1, w), transmissions.select(0, w), w)), dim: 1);
}
