using OpticalQAT.Optics;
using OpticalQAT.Quantization;

namespace OpticalQAT.Models;

/// <summary>The level tables that a material makes of a description: quantization meets optics.</summary>
public static class LevelsOfMaterial
{
    /// <summary>The level table in a material. A circle closes only for one wavelength in a lossless material.</summary>
    public static LevelTable Build(this LevelsKind levels, Material material) =>
        levels.Build(material.OneWave, lossless: material.IsPeriodic);

    /// <summary>The level table of each layer. A description that several layers have is built once.</summary>
    /// <param name="levels">The description.</param>
    /// <param name="material">What the layers are printed in.</param>
    /// <param name="layers">How many there are.</param>
    public static IReadOnlyList<LevelTable> Build(this LevelsKind levels, Material material, int layers)
    {
        var tables = new Dictionary<LevelsKind, LevelTable>(ReferenceEqualityComparer.Instance);
        return
        [
            .. Enumerable.Range(0, layers).Select(levels.Of).Select(ofLayer =>
                tables.TryGetValue(ofLayer, out var known) ? known : tables[ofLayer] = ofLayer.Build(material)),
        ];
    }
}
