using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// What a mask can be made of: the material, and either the printable levels or, in full precision, a continuous
/// range of heights. It fixes the unit of a mask's positions: one level, or one radian of delay.
/// </summary>
public abstract class Relief(Material material)
{
    /// <summary>What the mask is printed in.</summary>
    public Material Material { get; } = material;

    /// <summary>The printable levels; null in full precision.</summary>
    public virtual LevelTable? Levels => null;

    /// <summary>The complex transmission while training, differentiable in the positions.</summary>
    /// <param name="position">float32, […, n, n].</param>
    /// <param name="progress">How far training is, from 0 to 1.</param>
    /// <returns>complex64, […, n, n].</returns>
    public abstract Tensor Transmission(Tensor position, double progress);

    /// <summary>The complex transmission of what is printed.</summary>
    public abstract Tensor PrintedTransmission(Tensor position);

    /// <summary>The heights that are printed.</summary>
    /// <returns>float64, […, n, n], metres; with levels bit-equal to entries of the table.</returns>
    public abstract Tensor PrintedHeights(Tensor position);

    /// <summary>Positions moved back to where they mean a height, to be done after each optimizer step.</summary>
    public abstract Tensor Confine(Tensor position);

    /// <summary>t = exp(-a·h)·exp(i·p·h) of heights given in units of metres per <paramref name="unit"/>.</summary>
    private protected Tensor OfHeight(Tensor height, double unit)
    {
        using var scope = NewDisposeScope();
        var phase = height * (Material.PhasePerMetre * unit);
        var t = complex(phase.cos(), phase.sin());
        if (Material.AttenuationPerMetre > 0)
            t = t * (height * (-Material.AttenuationPerMetre * unit)).exp();
        return t.MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Full precision: any height. Positions are radians of delay. They wrap at one wave, or, where a table that does not
/// close bounds the heights, they are kept between its ends.
/// </summary>
/// <param name="material">What the mask is printed in.</param>
/// <param name="bounds">The table that the heights will later be rounded to; null when there is none.</param>
public sealed class ContinuousRelief(Material material, LevelTable? bounds) : Relief(material)
{
    private readonly double _lowest = bounds is { Period: null } ? bounds.Heights[0] : 0;
    private readonly double _highest = bounds is { Period: null } ? bounds.Heights[^1] : double.PositiveInfinity;
    private readonly double _metresPerRadian = 1 / Math.Abs(material.PhasePerMetre);

    /// <summary>Metres of height that delay by one radian.</summary>
    public double MetresPerRadian => _metresPerRadian;

    /// <inheritdoc/>
    public override Tensor Transmission(Tensor position, double progress)
    {
        using var scope = NewDisposeScope();
        return OfHeight(Inside(position), _metresPerRadian).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor position) => Transmission(position.detach(), 1);

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor position)
    {
        using var scope = NewDisposeScope();
        return (Inside(position.detach().to(ScalarType.Float64)) * _metresPerRadian).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Confine(Tensor position) => double.IsPositiveInfinity(_highest)
        ? position.alias()
        : position.clamp(_lowest / _metresPerRadian, _highest / _metresPerRadian);

    private Tensor Inside(Tensor position) => double.IsPositiveInfinity(_highest)
        ? position.remainder(2 * Math.PI)
        : position.clamp(_lowest / _metresPerRadian, _highest / _metresPerRadian);
}

/// <summary>Printable levels behind a quantizer. Positions are level units.</summary>
public sealed class QuantizedRelief : Relief
{
    private readonly PerDevice _heights;
    private readonly PerDevice _transmissions;
    private readonly PerDevice _heightsAtEnds;
    private readonly PerDevice _transmissionsAtEnds;
    private readonly GradientDomain _gradient;

    /// <summary>A relief of levels.</summary>
    /// <param name="material">What the mask is printed in.</param>
    /// <param name="levels">The heights that can be printed.</param>
    /// <param name="quantizer">The quantizer of this mask.</param>
    /// <param name="gradient">What is interpolated between two levels.</param>
    public QuantizedRelief(Material material, LevelTable levels, Quantizer quantizer, GradientDomain gradient) : base(material)
    {
        Levels = levels;
        Quantizer = quantizer;
        _gradient = gradient;
        double[] starts = levels.Heights.ToArray();
        double[] ends = [.. Enumerable.Range(0, levels.Cells).Select(levels.EndOfCell)];
        _heights = new(() => tensor(starts));
        _transmissions = new(() => Transmissions(starts));
        _heightsAtEnds = new(() => tensor(ends));
        // On a circle the last cell ends where the first begins, and its transmission is that of level 0 to the bit.
        _transmissionsAtEnds = new(() => Transmissions([.. Enumerable.Range(1, levels.Cells).Select(i => starts[i % levels.Count])]));
    }

    /// <inheritdoc/>
    public override LevelTable Levels { get; }

    /// <summary>The quantizer of this mask.</summary>
    public Quantizer Quantizer { get; }

    /// <inheritdoc/>
    public override Tensor Transmission(Tensor position, double progress)
    {
        using var scope = NewDisposeScope();
        var index = Quantizer.Soften(position, progress);
        var device = position.device;
        var t = _gradient == GradientDomain.Transmission
            ? index.Interpolate(_transmissions.On(device), _transmissionsAtEnds.On(device))
            : OfHeight(index.Interpolate(_heights.On(device), _heightsAtEnds.On(device)), 1).to(ScalarType.ComplexFloat32);
        return t.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor position) => Look(_transmissions, position);

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor position) => Look(_heights, position);

    /// <inheritdoc/>
    public override Tensor Confine(Tensor position) =>
        Levels.Space.Closes ? position.alias() : position.clamp(0, Levels.Count - 1);

    private Tensor Look(PerDevice table, Tensor position)
    {
        using var scope = NewDisposeScope();
        var level = Levels.Space.Nearest(position);
        return table.On(position.device).index_select(0, level.flatten()).view(position.shape).MoveToOuterDisposeScope();
    }

    private Tensor Transmissions(double[] heights) =>
        ComplexTensor.Of([.. heights.Select(Material.Transmission)], heights.Length).to(ScalarType.ComplexFloat32);
}
