namespace OpticalQAT.Data;

/// <summary>Writes examples of glyphs, each in a hand of its own.</summary>
/// <param name="distortion">0 for ideal shapes, 1 for ordinary handwriting.</param>
internal sealed class GlyphWriter(double distortion)
{
    private const int PiecesPerSpan = 6;

    private readonly GlyphCanvas _canvas = new();

    /// <summary>Draws one example.</summary>
    /// <param name="shape">The glyph to draw.</param>
    /// <param name="random">The example's generator: the same seed draws the same example.</param>
    /// <param name="pixels">Receives uint8, 28 × 28, 0 is dark.</param>
    public void Write(GlyphShape shape, SplitMix64 random, Span<byte> pixels)
    {
        _canvas.Clear();
        DrawClutter(ref random);

        var hand = new GlyphHand(distortion, ref random);
        var width = 2.2 + (distortion * random.NextUniform(-0.7, 1.0));
        var brightness = 1 - (distortion * random.NextUniform(0, 0.3));
        foreach (var stroke in shape.Strokes)
            DrawStroke(Jitter(stroke, ref random), hand, width, brightness);

        _canvas.WriteTo(pixels, 0.05 * distortion, ref random);
    }

    /// <summary>Up to two faint scratches that belong to no glyph.</summary>
    private void DrawClutter(ref SplitMix64 random)
    {
        for (var scratches = random.NextBelow(3); scratches > 0; scratches--)
        {
            var from = new GlyphPoint(random.NextUniform(0, GlyphCanvas.Size), random.NextUniform(0, GlyphCanvas.Size));
            var to = new GlyphPoint(from.X + random.NextUniform(-6, 6), from.Y + random.NextUniform(-6, 6));
            _canvas.DrawLine(from, to, 1.5, Math.Min(1, distortion * random.NextUniform(0.3, 0.7)));
        }
    }

    /// <summary>The pen misses every point a little, and the whole stroke by a common offset.</summary>
    private GlyphPoint[] Jitter(GlyphPoint[] stroke, ref SplitMix64 random)
    {
        var (x, y) = (random.NextUniform(-0.12, 0.12), random.NextUniform(-0.12, 0.12));
        var jittered = new GlyphPoint[stroke.Length];
        for (var i = 0; i < stroke.Length; i++)
            jittered[i] = new GlyphPoint(
                stroke[i].X + (distortion * (x + random.NextUniform(-0.1, 0.1))),
                stroke[i].Y + (distortion * (y + random.NextUniform(-0.1, 0.1))));
        return jittered;
    }

    private void DrawStroke(GlyphPoint[] points, GlyphHand hand, double width, double brightness)
    {
        var from = hand.Place(points[0]);
        for (var span = 0; span < points.Length - 1; span++)
            for (var piece = 1; piece <= PiecesPerSpan; piece++)
            {
                var to = hand.Place(OnCurve(points, span, piece / (double)PiecesPerSpan));
                _canvas.DrawLine(from, to, width, brightness);
                from = to;
            }
    }

    /// <summary>The Catmull–Rom curve through the points, at the fraction t from point i to point i + 1.</summary>
    private static GlyphPoint OnCurve(GlyphPoint[] points, int i, double t)
    {
        var before = points[Math.Max(i - 1, 0)];
        var (start, end) = (points[i], points[i + 1]);
        var after = points[Math.Min(i + 2, points.Length - 1)];
        return new GlyphPoint(
            CatmullRom(before.X, start.X, end.X, after.X, t),
            CatmullRom(before.Y, start.Y, end.Y, after.Y, t));
    }

    private static double CatmullRom(double before, double start, double end, double after, double t) =>
        start + (0.5 * t * (end - before
            + (t * ((2 * before) - (5 * start) + (4 * end) - after
            + (t * ((3 * (start - end)) + after - before))))));
}
