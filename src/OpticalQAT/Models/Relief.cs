using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
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

    /// <summary>What makes levels of positions while training; null in full precision.</summary>
    public virtual Quantizer? Quantizer => null;

    /// <summary>The complex transmission while training, differentiable in the positions.</summary>
    /// <param name="position">float32, any shape.</param>
    /// <returns>complex64, of the same shape; [W, …] in light of several wavelengths.</returns>
    public virtual Tensor Transmission(Tensor position)
    {
        using var scope = NewDisposeScope();
        return Transmission(position.unsqueeze(0), [this]).squeeze(-position.dim() - 1).MoveToOuterDisposeScope();
    }

    /// <summary>The same of several masks at once.</summary>
    /// <param name="positions">float32, [masks, …].</param>
    /// <param name="masks">Their reliefs, all like this one (<see cref="IsLike"/>), this one among them.</param>
    /// <returns>complex64, [masks, …]; [W, masks, …] in light of several wavelengths.</returns>
    public abstract Tensor Transmission(Tensor positions, IReadOnlyList<Relief> masks);

    /// <summary>Whether masks of the two can be worked out together.</summary>
    public virtual bool IsLike(Relief other) => ReferenceEquals(this, other);

    /// <summary>The transmission of a mask while training together with the heights that it stands for, of one and the same soft index.</summary>
    /// <param name="position">float32, any shape.</param>
    /// <returns>complex64, and float64 in metres, both differentiable in the position.</returns>
    public abstract (Tensor Transmission, Tensor Heights) Surface(Tensor position);

    /// <summary>The complex transmission of what is printed.</summary>
    /// <param name="position">float32, any shape.</param>
    /// <returns>complex64, of the same shape; [W, …] in light of several wavelengths.</returns>
    public abstract Tensor PrintedTransmission(Tensor position);

    /// <summary>The same of several masks at once.</summary>
    /// <param name="positions">float32, [masks, …].</param>
    /// <param name="masks">Their reliefs, all like this one (<see cref="IsLike"/>), this one among them.</param>
    public virtual Tensor PrintedTransmission(Tensor positions, IReadOnlyList<Relief> masks) => PrintedTransmission(positions);

    /// <summary>The heights that are printed.</summary>
    /// <returns>float64, […, n, n], metres; with levels bit-equal to entries of the table.</returns>
    public abstract Tensor PrintedHeights(Tensor position);

    /// <summary>The amplitudes that are printed beside the heights, float32, […, n, n]; null where the height alone decides.</summary>
    public virtual Tensor? PrintedAmplitudes(Tensor position) => null;

    /// <summary>Moves positions back to where they mean a height, to be done after each optimizer step.</summary>
    /// <param name="position">float32, any shape; changed in place.</param>
    public abstract void Confine(Tensor position);

    /// <summary>t = exp(-a·h)·exp(i·p·h) of heights given in units of metres per <paramref name="unit"/>.</summary>
    private protected Tensor OfHeight(Tensor height, double unit) => AtEachWavelength((material, _) => OfHeight(material, height, unit));

    /// <summary>The same in one material.</summary>
    private protected static Tensor OfHeight(Material material, Tensor height, double unit)
    {
        using var scope = NewDisposeScope();
        var phase = height * (material.PhasePerMetre * unit);
        var t = PhasorFunction.Apply(phase);
        if (material.AttenuationPerMetre > 0)
            t = t * (height * (-material.AttenuationPerMetre * unit)).exp();
        return t.MoveToOuterDisposeScope();
    }

    /// <summary>What the material does at each wavelength of the light, along a first dimension where there are several.</summary>
    private protected Tensor AtEachWavelength(Func<Material, int, Tensor> transmission)
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
    public override Tensor Transmission(Tensor positions, IReadOnlyList<Relief> masks)
    {
        using var scope = NewDisposeScope();
        return OfHeight(Inside(positions), _metresPerRadian).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Transmission, Tensor Heights) Surface(Tensor position) =>
        (Transmission(position), Inside(position.to(ScalarType.Float64)) * _metresPerRadian);

    /// <inheritdoc/>
    public override Tensor PrintedTransmission(Tensor position) => Transmission(position.detach());

    /// <inheritdoc/>
    public override Tensor PrintedHeights(Tensor position)
    {
        using var scope = NewDisposeScope();
        return (Inside(position.detach().to(ScalarType.Float64)) * _metresPerRadian).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Confine(Tensor position)
    {
        if (!double.IsPositiveInfinity(_highest))
            position.clamp_(_lowest / _metresPerRadian, _highest / _metresPerRadian);
    }

    private Tensor Inside(Tensor position) => double.IsPositiveInfinity(_highest)
        ? position.remainder(2 * Math.PI)
        : position.clamp(_lowest / _metresPerRadian, _highest / _metresPerRadian);
}
