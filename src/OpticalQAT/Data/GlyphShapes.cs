using System.Runtime.InteropServices;

namespace OpticalQAT.Data;

/// <summary>A point of a glyph: x to the right and y down, the glyph within ±1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GlyphPoint(double X, double Y);

/// <summary>One of the invented symbols: a name, and the strokes of the pen that make it.</summary>
/// <param name="Name">Its class's name, which says what it looks like.</param>
/// <param name="Strokes">For each stroke the points that the pen passes through, on a smooth curve.</param>
internal sealed record GlyphShape(string Name, GlyphPoint[][] Strokes)
{
    /// <summary>
    /// The ten classes. They share uprights, bars, curls and slants on purpose, so that ink at one place says little
    /// and only the whole arrangement tells them apart.
    /// </summary>
    public static readonly GlyphShape[] All =
    [
        new("hook", [Stroke(-0.3, -0.9, -0.3, 0.3, 0.0, 0.8, 0.45, 0.65, 0.55, 0.2)]),
        new("fork", [Stroke(0, -0.9, 0, 0.9), Stroke(-0.6, -0.8, -0.5, -0.1, 0, 0.2, 0.5, -0.1, 0.6, -0.8)]),
        new("ribbon", [Stroke(0.7, -0.8, 0.1, 0.2, -0.4, 0.6, -0.7, 0.1, -0.4, -0.5, 0.1, 0.0, 0.7, 0.8)]),
        new("arch", [Stroke(-0.6, 0.9, -0.6, -0.2, 0, -0.85, 0.6, -0.2, 0.6, 0.9), Stroke(-0.6, 0.25, 0.6, 0.25)]),
        new("zigzag", [Stroke(-0.6, -0.9, 0.55, -0.45, -0.5, 0.2, 0.6, 0.85)]),
        new("crossing", [Stroke(-0.6, -0.3, 0.6, 0.85), Stroke(0.6, -0.3, -0.6, 0.85), Stroke(-0.6, -0.8, 0.6, -0.8)]),
        new("spiral", [Stroke(0.0, 0.15, 0.3, -0.1, 0.0, -0.4, -0.45, -0.05, -0.2, 0.55, 0.45, 0.55, 0.8, -0.05, 0.5, -0.8)]),
        new("wave", [Stroke(-0.9, 0.35, -0.45, -0.25, 0, 0.3, 0.45, 0.85, 0.9, 0.25), Stroke(-0.1, -0.85, 0.3, -0.5)]),
        new("gate", [Stroke(-0.6, -0.9, -0.6, 0.9), Stroke(0.6, -0.9, 0.6, 0.9), Stroke(-0.6, 0.5, 0.6, -0.5)]),
        new("pennant", [Stroke(-0.3, -0.9, -0.3, 0.9), Stroke(-0.3, -0.8, 0.65, -0.25, -0.3, 0.25)]),
    ];

    private static GlyphPoint[] Stroke(params ReadOnlySpan<double> coordinates)
    {
        var points = new GlyphPoint[coordinates.Length / 2];
        for (var i = 0; i < points.Length; i++)
            points[i] = new GlyphPoint(coordinates[2 * i], coordinates[(2 * i) + 1]);
        return points;
    }
}
