using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// The make of masks: their material, and either printable levels or, in full precision, a continuous range of heights.
/// It fixes the unit of the positions: one level, or one radian of delay. All positions are [masks, …].
/// </summary>
public abstract class Relief(Material material)
{
    /// <summary>The material that the masks are printed in.</summary>
    public Material Material { get; } = material;

    /// <summary>The printable levels of each mask; null in full precision.</summary>
    public virtual IReadOnlyList<LevelTable>? Tables => null;

    /// <summary>The quantizer that turns positions into levels in training; null in full precision.</summary>
    public virtual Quantizer? Quantizer => null;

    /// <summary>The share of a mask's pixels that the quantizer is switched on for.</summary>
    /// <param name="layer">The layer, counted from 0 in layer order.</param>
    /// <param name="layers">The number of layers of the model.</param>
    /// <param name="progress">From 0 at the phase's first step to 1 after its last.</param>
    public virtual double Share(int layer, int layers, double progress) => 1;

    /// <summary>The complex transmission in training, differentiable in the positions.</summary>
    /// <param name="positions">float32, [masks, …].</param>
    /// <returns>complex64, of the same shape; [W, masks, …] in light of several wavelengths.</returns>
    public abstract Tensor Transmission(Tensor positions);

    /// <summary>The transmission in training and the heights behind it, of one and the same soft index.</summary>
    /// <param name="positions">float32, [masks, …].</param>
    /// <returns>As <see cref="Transmission"/> gives it, and float64, [masks, …], metres; both differentiable in the positions.</returns>
    public abstract (Tensor Transmission, Tensor Heights) Surface(Tensor positions);

    /// <summary>The complex transmission of what is printed.</summary>
    /// <param name="positions">float32, [masks, …].</param>
    /// <returns>complex64, of the same shape; [W, masks, …] in light of several wavelengths.</returns>
    public abstract Tensor PrintedTransmission(Tensor positions);

    /// <summary>The heights that are printed.</summary>
    /// <param name="positions">float32, [masks, …].</param>
    /// <returns>float64, [masks, …, n, n], metres; with levels bit-equal to entries of the tables.</returns>
    public abstract Tensor PrintedHeights(Tensor positions);

    /// <summary>The amplitudes that are printed beside the heights, float32, [masks, …, n, n]; null where the height alone decides.</summary>
    /// <param name="positions">float32, [masks, …].</param>
    public virtual Tensor? PrintedAmplitudes(Tensor positions) => null;

    /// <summary>The transmissions of all levels, [N] or [W, N]; null in full precision.</summary>
    /// <param name="mask">The mask, whose levels may have been learnt.</param>
    /// <param name="device">Where they are wanted.</param>
    public virtual Tensor? LevelTransmissions(int mask, Device device) => null;

    /// <summary>The positions that give heights which another model has printed.</summary>
    /// <param name="heights">float64, [masks, n, n], metres.</param>
    /// <param name="positions">The positions of that model, in the unit of its own make.</param>
    /// <param name="source">That make.</param>
    /// <exception cref="ArgumentException">The other make gives the light something else to meet.</exception>
    public virtual Tensor PositionsOf(Tensor heights, Tensor positions, Relief source) => source.GetType() == GetType()
        ? positions
        : throw new ArgumentException("the model to start from has masks of another modulation; both must be the same");

    /// <summary>Moves positions back to where they mean a height, to be done after each optimizer step.</summary>
    /// <param name="positions">float32, [masks, …]; changed in place.</param>
    public abstract void Confine(Tensor positions);

    /// <summary>t = exp(-a·h)·exp(i·p·h) of heights given in units of metres per <paramref name="unit"/>.</summary>
    protected Tensor OfHeight(Tensor height, double unit) => AtEachWavelength((material, _) => OfHeight(material, height, unit));

    /// <summary>The same in one material.</summary>
    protected static Tensor OfHeight(Material material, Tensor height, double unit)
    {
        using var scope = NewDisposeScope();
        var phase = height * (material.PhasePerMetre * unit);
        var t = PhasorFunction.Apply(phase);
        if (material.AttenuationPerMetre > 0)
            t = t * (height * (-material.AttenuationPerMetre * unit)).exp();
        return t.MoveToOuterDisposeScope();
    }

    /// <summary>The effect of the material at each wavelength of the light, along a first dimension where there are several.</summary>
    protected Tensor AtEachWavelength(Func<Material, int, Tensor> transmission)
    {
        if (Material.Spectrum.Count == 1)
            return transmission(Material.Spectrum[0], 0);
        using var scope = NewDisposeScope();
        return stack([.. Material.Spectrum.Select(transmission)]).MoveToOuterDisposeScope();
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
    public override Tensor Transmission(Tensor positions)
    {
        using var scope = NewDisposeScope();
        return OfHeight(Inside(positions), _metresPerRadian).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor positions) =>
        (Transmission(positions), Inside(positions.to(ScalarType.Float64)) * _metresPerRadian);

    /// <inheritdoc/>
    public override Tensor PositionsOf(Tensor heights, Tensor positions, Relief source) => (heights / _metresPerRadian).to(ScalarType.Float32);

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor positions) => Transmission(positions.detach());

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor positions)
    {
        using var scope = NewDisposeScope();
        return (Inside(positions.detach().to(ScalarType.Float64)) * _metresPerRadian).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Confine(Tensor positions)
    {
        if (!double.IsPositiveInfinity(_highest))
            positions.clamp_(_lowest / _metresPerRadian, _highest / _metresPerRadian);
    }

    private Tensor Inside(Tensor position) => double.IsPositiveInfinity(_highest)
        ? position.remainder(2 * Math.PI)
        : position.clamp(_lowest / _metresPerRadian, _highest / _metresPerRadian);
}
