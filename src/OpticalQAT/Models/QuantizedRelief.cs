using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>Printable levels behind the quantizer of one mask. Positions are level units.</summary>
/// <param name="material">What the mask is printed in.</param>
/// <param name="quantizer">The quantizer of this mask, with its level table.</param>
/// <param name="gradient">What is interpolated between two levels.</param>
public sealed class QuantizedRelief(Material material, Quantizer quantizer, GradientDomain gradient) : Relief(material)
{
    private readonly LevelTable _given = quantizer.Table;
    private readonly LevelOptics[] _optics = OpticsOf(material, quantizer.Table);

    /// <inheritdoc/>
    public override LevelTable Levels => quantizer.Table;

    /// <inheritdoc/>
    public override Quantizer Quantizer => quantizer;

    /// <inheritdoc/>
    public override bool IsLike(Relief other) =>
        ReferenceEquals(this, other)
        || (other is QuantizedRelief { Quantizer: var its } relief && ReferenceEquals(_given, relief._given) && its.GetType() == quantizer.GetType() && its.Moment.Progress == quantizer.Moment.Progress);

    /// <inheritdoc/>
    public override Tensor Transmission(Tensor positions, IReadOnlyList<Relief> masks)
    {
        using var scope = NewDisposeScope();
        var index = quantizer.Soften(positions, [.. masks.Select(mask => mask.Quantizer!)]);
        return TransmissionAt(index, masks, positions.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor position)
    {
        using var scope = NewDisposeScope();
        Relief[] alone = [this];
        var index = quantizer.Soften(position.unsqueeze(0), [quantizer]);
        var (t, heights) = (TransmissionAt(index, alone, position.device), HeightAt(index, alone, position.device));
        return (t.squeeze(-position.dim() - 1).MoveToOuterDisposeScope(), heights.squeeze(0).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor position)
    {
        using var scope = NewDisposeScope();
        var (optics, levels) = (Printed(), Nearest(position));
        return AtEachWavelength((_, w) => optics[w].Transmissions(position.device).OfLevels(levels)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor positions, IReadOnlyList<Relief> masks)
    {
        if (masks.All(mask => mask.Quantizer is { LearntHeights: null, LearnsPositions: true }))
            return PrintedTransmission(positions);
        using var scope = NewDisposeScope();
        return stack(masks.Select((mask, i) => mask.PrintedTransmission(positions[i])), dim: -positions.dim()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor position)
    {
        using var scope = NewDisposeScope();
        return Printed()[0].Heights(position.device).OfLevels(Nearest(position)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Confine(Tensor position) => quantizer.Confine(position);

    private Tensor TransmissionAt(SoftIndex index, IReadOnlyList<Relief> masks, Device device)
    {
        var heights = Learnt(masks);
        if (heights is null && CellTransmission.Takes(index))
        {
            return AtEachWavelength((line, w) => gradient == GradientDomain.Height
                ? CellTransmission.BetweenHeights((CellIndex)index, _optics[w].Heights(device), line)
                : CellTransmission.BetweenTransmissions((CellIndex)index, _optics[w].Transmissions(device)));
        }
        if (gradient == GradientDomain.Height)
            return OfHeight(HeightAt(index, masks, device), 1).to(ScalarType.ComplexFloat32);
        return AtEachWavelength((line, w) => index.Interpolate(heights is null
            ? _optics[w].Transmissions(device)
            : LevelOptics.TransmissionsOf(OfHeight(line, heights, 1).to(ScalarType.ComplexFloat32), Levels.Period is not null)));
    }

    private Tensor HeightAt(SoftIndex index, IReadOnlyList<Relief> masks, Device device) =>
        index.Interpolate(Learnt(masks) is { } heights ? LevelOptics.HeightsOf(heights, Levels.Period) : _optics[0].Heights(device));

    /// <summary>The heights that the masks' levels have learnt, [masks, N]; null where they are given.</summary>
    private static Tensor? Learnt(IReadOnlyList<Relief> masks) =>
        masks.Select(mask => mask.Quantizer!.LearntHeights).OfType<Tensor>().ToArray() is { Length: > 0 } learnt ? stack(learnt) : null;

    private static LevelOptics[] OpticsOf(Material material, LevelTable levels) => [.. material.Spectrum.Select(line => new LevelOptics(line, levels))];

    private LevelOptics[] Printed() => quantizer.LearntHeights is null ? _optics : OpticsOf(Material, quantizer.Table);

    private Tensor Nearest(Tensor position)
    {
        using var printed = quantizer.Printed(position);
        return quantizer.Levels.Nearest(printed);
    }
}
