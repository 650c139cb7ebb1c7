using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>The effect of a mask on the light of a pixel.</summary>
[Family("modulation", IsWrittenByName = true)]
public abstract record ModulationKind : Variant
{
    /// <summary>Whether the mask is a relief of a material, whose heights are printed.</summary>
    public virtual bool HasMaterial => false;

    /// <summary>Whether a level table, which lists heights, says everything of a pixel.</summary>
    public virtual bool HasLevels => true;

    /// <summary>Whether it is made for light of several wavelengths.</summary>
    public virtual bool TakesSpectrum => true;

    /// <summary>The material at a wavelength. Masks without one are measured in optical paths: in a material whose index is 1 above the medium's, a height of one wavelength delays by one wave.</summary>
    /// <param name="mask">The options of the mask.</param>
    /// <param name="wave">The light and the medium.</param>
    public virtual Material Material(MaskOptions mask, Wave wave) => new(wave.MediumIndex + 1, 0, wave);

    /// <summary>The make of masks in full precision.</summary>
    /// <param name="material">The material, or what stands for it.</param>
    /// <param name="bounds">The levels that the masks will be rounded to; null when there are none.</param>
    public abstract Relief Continuous(Material material, LevelTable? bounds);

    /// <summary>The positions that training starts from.</summary>
    /// <param name="phases">float32, [n, n], radians: the initial phases, 0 where the start is flat.</param>
    /// <param name="shares">float32, [n, n], from 0 to 1: the same as shares of a wave, 1 where the start is flat.</param>
    /// <returns>float32, of the <see cref="PositionShape"/>.</returns>
    public virtual Tensor Start(Tensor phases, Tensor shares) => phases.alias();

    /// <summary>The shape of a mask's positions.</summary>
    /// <param name="pixels">Printed pixels a side.</param>
    public virtual long[] PositionShape(int pixels) => [pixels, pixels];

    /// <summary>The problems of a mask of this modulation.</summary>
    /// <param name="mask">The options of the mask.</param>
    public virtual IEnumerable<Problem> Check(MaskOptions mask)
    {
        if (mask.MaterialIndex is not null || mask.Dispersion is not NoDispersion || mask.Extinction > 0)
            yield return new Problem("modulation", $"a mask of modulation '{KindNames.Of(this)}' has no material; leave material_index, dispersion and extinction out");
    }
}

/// <summary>A printed height: it delays the light by the material's index, and absorbs by its extinction, both at once.</summary>
[Kind("height")]
public sealed record HeightModulation : ModulationKind
{
    /// <inheritdoc/>
    public override bool HasMaterial => true;

    /// <inheritdoc/>
    public override Material Material(MaskOptions mask, Wave wave)
    {
        var index = mask.Dispersion.At(wave.Wavelength);
        return new Material(index?.Index ?? mask.MaterialIndex!.Value, index?.Extinction ?? mask.Extinction, wave);
    }

    /// <inheritdoc/>
    public override ContinuousRelief Continuous(Material material, LevelTable? bounds) => new(material, bounds);

    /// <inheritdoc/>
    public override IEnumerable<Problem> Check(MaskOptions mask)
    {
        if (mask.MaterialIndex is null && mask.Dispersion is NoDispersion)
            yield return new Problem("material_index", "the printed material has no index: give 'material_index', or a 'dispersion' for an index that depends on the wavelength");
        if (mask.MaterialIndex is not null && mask.Dispersion is not NoDispersion)
            yield return new Problem("material_index", "the material's index is given twice, by 'material_index' and by 'dispersion'; leave one of them out");
    }
}

/// <summary>The phase alone, whatever makes it (a metasurface, a modulator). Heights then stand for optical paths: a level table lists paths, and one wave is one wavelength.</summary>
[Kind("phase")]
public sealed record PhaseModulation : ModulationKind
{
    /// <inheritdoc/>
    public override ContinuousRelief Continuous(Material material, LevelTable? bounds) => new(material, bounds);
}

/// <summary>The amplitude alone, from 0 to 1.</summary>
[Kind("amplitude")]
public sealed record AmplitudeModulation : ModulationKind
{
    /// <inheritdoc/>
    public override bool HasLevels => false;

    /// <inheritdoc/>
    public override bool TakesSpectrum => false;

    /// <inheritdoc/>
    public override AmplitudeRelief Continuous(Material material, LevelTable? bounds) => new(material);

    /// <inheritdoc/>
    public override Tensor Start(Tensor phases, Tensor shares) => shares.alias();
}

/// <summary>Phase and amplitude, one independent of the other.</summary>
[Kind("complex")]
public sealed record ComplexModulation : ModulationKind
{
    /// <inheritdoc/>
    public override bool HasLevels => false;

    /// <inheritdoc/>
    public override bool TakesSpectrum => false;

    /// <inheritdoc/>
    public override ComplexRelief Continuous(Material material, LevelTable? bounds) => new(material);

    /// <summary>The phases, and an amplitude of 1 beside each.</summary>
    public override Tensor Start(Tensor phases, Tensor shares) => stack([phases, ones_like(phases)]);

    /// <inheritdoc/>
    public override long[] PositionShape(int pixels) => [2, pixels, pixels];
}
