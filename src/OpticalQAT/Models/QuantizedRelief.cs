using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>Printable levels behind the quantizer of one mask. Positions are level units.</summary>
/// <param name="material">What the mask is printed in.</param>
/// <param name="quantizer">The quantizer of this mask, with its level table.</param>
/// <param name="gradient">What is interpolated between two levels.</param>
/// <param name="switchOn">How the quantizer comes on; null at once.</param>
public sealed class QuantizedRelief(Material material, Quantizer quantizer, GradientDomain gradient, SwitchOnKind? switchOn = null) : Relief(material)
{
    private readonly LevelOptics[] _given = OpticsOf(material, quantizer.Given);
    private (long Seed, Tensor Order)? _order;

    /// <inheritdoc/>
    public override LevelTable Levels => quantizer.Table;

    /// <inheritdoc/>
    public override Quantizer Quantizer => quantizer;

    /// <summary>How the quantizer comes on after full precision; null at once.</summary>
    public SwitchOnKind? SwitchOn => switchOn;

    /// <inheritdoc/>
    public override bool IsLike(Relief other) =>
        ReferenceEquals(this, other)
        || (other is QuantizedRelief { Quantizer: var its } && ReferenceEquals(quantizer.Given, its.Given) && its.GetType() == quantizer.GetType() && its.Moment.Progress == quantizer.Moment.Progress);

    /// <inheritdoc/>
    public override Tensor Transmission(Tensor positions, IReadOnlyList<Relief> masks)
    {
        using var scope = NewDisposeScope();
        return TransmissionAt(Soften(positions, masks), Learnt(masks), positions.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor position)
    {
        using var scope = NewDisposeScope();
        Relief[] alone = [this];
        var (index, learnt) = (Soften(position.unsqueeze(0), alone), Learnt(alone));
        var t = TransmissionAt(index, learnt, position.device);
        var heights = index.Interpolate(Responses(0, learnt, position.device).Heights);
        return (t.squeeze(-position.dim() - 1).MoveToOuterDisposeScope(), heights.squeeze(0).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor position)
    {
        using var scope = NewDisposeScope();
        var (optics, levels) = (Printed(), Nearest(position));
        return AtEachWavelength((_, w) => Look(optics[w].Transmissions(position.device), levels)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor positions, IReadOnlyList<Relief> masks)
    {
        if (masks.All(mask => mask.Quantizer is { LearntHeights: null, PrintsPositions: true }))
            return PrintedTransmission(positions);
        using var scope = NewDisposeScope();
        return stack(masks.Select((mask, i) => mask.PrintedTransmission(positions[i])), dim: -positions.dim()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor position)
    {
        using var scope = NewDisposeScope();
        return Look(Printed()[0].Heights(position.device), Nearest(position)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Confine(Tensor position) => quantizer.Confine(position);

    private SoftIndex Soften(Tensor positions, IReadOnlyList<Relief> masks)
    {
        var index = quantizer.Soften(positions, [.. masks.Select(mask => mask.Quantizer!)]);
        return masks.All(mask => mask.Quantizer!.Moment.Share >= 1)
            ? index
            : new MixedIndex(stack(masks.Select((mask, i) => ((QuantizedRelief)mask).IsStillFree(positions[i]))), index, new FreeIndex(quantizer.Levels.Split(positions)));
    }

    private Tensor TransmissionAt(SoftIndex index, Tensor? learnt, Device device) =>
        AtEachWavelength((_, w) => Responses(w, learnt, device).Transmission(index, gradient));

    private LevelResponses Responses(int wavelength, Tensor? learnt, Device device) => learnt is null
        ? _given[wavelength].On(device)
        : LevelResponses.Of(Material.Spectrum[wavelength], learnt, quantizer.Given.Period);

    /// <summary>The heights that the masks' levels have learnt, [masks, N]; null where they are given.</summary>
    private static Tensor? Learnt(IReadOnlyList<Relief> masks) =>
        masks.Select(mask => mask.Quantizer!.LearntHeights).OfType<Tensor>().ToArray() is { Length: > 0 } learnt ? stack(learnt) : null;

    private LevelOptics[] Printed() => quantizer.LearntHeights is null ? _given : OpticsOf(Material, quantizer.Table);

    private Tensor Nearest(Tensor position) => quantizer.Levels.Nearest(quantizer.Printed(position));

    private static Tensor Look(Tensor table, Tensor level) => table.index_select(0, level.flatten()).view(level.shape);

    private static LevelOptics[] OpticsOf(Material material, LevelTable levels) => [.. material.Spectrum.Select(line => new LevelOptics(line, levels))];

    /// <summary>Which pixels are not yet under the quantizer while it is being switched on: those whose turn, drawn once for the phase, comes later.</summary>
    private Tensor IsStillFree(Tensor position)
    {
        var moment = quantizer.Moment;
        if (_order is not { } known || known.Seed != moment.PhaseSeed || !string.Equals(known.Order.device.ToString(), position.device.ToString(), StringComparison.Ordinal))
        {
            using var generator = new Generator((ulong)moment.PhaseSeed, position.device);
            var order = rand(position.shape, device: position.device, generator: generator).DetachFromDisposeScope();
            _order = known = (moment.PhaseSeed, order);
        }
        return known.Order.ge(moment.Share);
    }
}
