using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>The phase of a liquid crystal, which takes a little of the light: the more, the longer the optical path.</summary>
[Kind("liquid_crystal")]
public sealed record LiquidCrystal : ModulationKind
{
    /// <summary>The equivalent of the extinction coefficient, for an optical path of one wavelength in one wave.</summary>
    [AtLeast(0), AtMost(1)]
    public double Absorption { get; init; } = 0.01;

    /// <inheritdoc/>
    public override Material Material(MaskOptions mask, Wave wave) => new(wave.MediumIndex + 1, Absorption, wave);

    /// <inheritdoc/>
    public override Relief Continuous(Material material, LevelTable? bounds) => new ContinuousRelief(material, bounds);
}
