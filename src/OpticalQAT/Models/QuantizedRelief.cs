using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>Masks of printable levels, behind one quantizer. Positions are level units.</summary>
/// <param name="material">The material that they are printed in.</param>
/// <param name="quantizer">The quantizer of the masks, with their level table.</param>
/// <param name="gradient">The quantity that is interpolated between two levels.</param>
/// <param name="switchOn">How the quantizer is switched on; null at once.</param>
public sealed class QuantizedRelief(Material material, Quantizer quantizer, GradientDomain gradient, SwitchOnKind? switchOn = null) : Relief(material)
{
    private readonly LevelOptics[] _initial = OpticsOf(material, quantizer.InitialTable);
    private (TrainingMoment Moment, Tensor Order)? _order;

    /// <inheritdoc/>
    public override IReadOnlyList<LevelTable> Tables => quantizer.Tables;

    /// <inheritdoc/>
    public override Quantizer Quantizer => quantizer;

    /// <inheritdoc/>
    public override double Share(int layer, int layers, double progress) => switchOn?.Share(layer, layers, progress) ?? 1;

    /// <inheritdoc/>
    public override Tensor Transmission(Tensor positions)
    {
        using var scope = NewDisposeScope();
        return TransmissionAt(Soften(positions), quantizer.LearntHeights, positions.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var (index, learnt) = (Soften(positions), quantizer.LearntHeights);
        var t = TransmissionAt(index, learnt, positions.device);
        var heights = index.Interpolate(Responses(0, learnt, positions.device).Heights);
        return (t.MoveToOuterDisposeScope(), heights.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var levels = Nearest(positions);
        return AtEachWavelength((_, w) => OfEachMask(levels, optics => optics[w].Transmissions(positions.device))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor positions)
    {
        using var scope = NewDisposeScope();
        return OfEachMask(Nearest(positions), optics => optics[0].Heights(positions.device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor LevelTransmissions(int mask, Device device)
    {
        using var scope = NewDisposeScope();
        var optics = quantizer.LearntHeights is null ? _initial : OpticsOf(Material, quantizer.Tables[mask]);
        return AtEachWavelength((_, w) => optics[w].Transmissions(device).alias()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Confine(Tensor positions) => quantizer.Confine(positions);

    private SoftIndex Soften(Tensor positions)
    {
        var index = quantizer.Soften(positions);
        var moment = quantizer.Moment;
        return Enumerable.Range(0, quantizer.MaskCount).All(mask => moment.Of(mask).Share >= 1)
            ? index
            : new MixedIndex(AreStillFree(positions, moment), index, new FreeIndex(quantizer.Levels.Split(positions)));
    }

    private Tensor TransmissionAt(SoftIndex index, Tensor? learnt, Device device) =>
        AtEachWavelength((_, w) => Responses(w, learnt, device).Transmission(index, gradient));

    private LevelResponses Responses(int wavelength, Tensor? learnt, Device device) => learnt is null
        ? _initial[wavelength].On(device)
        : LevelResponses.Of(Material.Spectrum[wavelength], learnt, quantizer.InitialTable.Period);

    private Tensor Nearest(Tensor positions) => quantizer.Levels.Nearest(quantizer.Printed(positions));

    /// <summary>The values of the levels of each mask: of one table, or of one for each mask where they were learnt.</summary>
    private Tensor OfEachMask(Tensor levels, Func<LevelOptics[], Tensor> table) => quantizer.LearntHeights is null
        ? Look(table(_initial), levels)
        : stack(quantizer.Tables.Select((learnt, mask) => Look(table(OpticsOf(Material, learnt)), levels[mask])));

    private static Tensor Look(Tensor table, Tensor levels) => table.index_select(0, levels.flatten()).view(levels.shape);

    private static LevelOptics[] OpticsOf(Material material, LevelTable levels) => [.. material.Spectrum.Select(line => new LevelOptics(line, levels))];

    /// <summary>The pixels that the quantizer has not been switched on for: those whose turn, drawn once for the phase, comes later.</summary>
    private Tensor AreStillFree(Tensor positions, TrainingMoment moment)
    {
        if (_order is not { } known || !HasSameOrder(known.Moment, moment) || !string.Equals(known.Order.device.ToString(), positions.device.ToString(), StringComparison.Ordinal))
        {
            var orders = Enumerable.Range(0, quantizer.MaskCount).Select(mask =>
            {
                using var generator = new Generator((ulong)moment.Of(mask).PhaseSeed, positions.device);
                return rand(positions.shape[1..], device: positions.device, generator: generator);
            });
            _order?.Order.Dispose();
            _order = known = (moment, stack(orders).DetachFromDisposeScope());
        }
        var shares = tensor([.. Enumerable.Range(0, quantizer.MaskCount).Select(mask => (float)moment.Of(mask).Share)], device: positions.device);
        return known.Order.ge(shares.view([-1, .. Enumerable.Repeat(1L, (int)positions.dim() - 1)]));
    }

    private bool HasSameOrder(TrainingMoment moment, TrainingMoment other) =>
        Enumerable.Range(0, quantizer.MaskCount).All(mask => moment.Of(mask).PhaseSeed == other.Of(mask).PhaseSeed);
}
