using OpticalQAT.Optics;
using OpticalQAT.Quantization;

namespace OpticalQAT.Models;

/// <summary>Where quantization meets optics: the level table that a material makes of a description.</summary>
public static class LevelsOfMaterial
{
    /// <summary>The level table in a material. A circle closes only where the material is lossless.</summary>
    public static LevelTable Build(this LevelsKind levels, Material material) =>
        levels.Build(material.OneWave, lossless: material.Extinction == 0);
}
