namespace OpticalQAT.Data;

/// <summary>A small image on which strokes are drawn with soft edges.</summary>
internal sealed class GlyphCanvas
{
    /// <summary>Pixels along a side.</summary>
    public const int Size = 28;

    private readonly double[] _ink = new double[Size * Size];

    /// <summary>Wipes the image dark.</summary>
    public void Clear() => Array.Clear(_ink);

    /// <summary>
    /// Draws a straight piece of a stroke with round ends. Where ink is already, the brighter wins: pieces of one
    /// stroke join without seams.
    /// </summary>
    /// <param name="from">The start, in pixels.</param>
    /// <param name="to">The end, in pixels.</param>
    /// <param name="width">The pen's width, in pixels.</param>
    /// <param name="brightness">The ink at the middle of the stroke, in [0, 1].</param>
    public void DrawLine(GlyphPoint from, GlyphPoint to, double width, double brightness)
    {
        var reach = (width / 2) + 0.5;
        var (left, right) = PixelsWithin(Math.Min(from.X, to.X) - reach, Math.Max(from.X, to.X) + reach);
        var (top, bottom) = PixelsWithin(Math.Min(from.Y, to.Y) - reach, Math.Max(from.Y, to.Y) + reach);
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
            {
                // A pixel is full where the stroke's edge is half a pixel away or more, and empty as far outside.
                var coverage = Math.Clamp(reach - Distance(new GlyphPoint(x, y), from, to), 0, 1);
                ref var ink = ref _ink[(y * Size) + x];
                ink = Math.Max(ink, brightness * coverage);
            }
    }

    /// <summary>Adds noise to every pixel and writes the image as bytes, row by row.</summary>
    /// <param name="noise">The standard deviation of the noise, in units of full brightness.</param>
    /// <param name="random">The example's generator.</param>
    /// <param name="pixels">uint8, <see cref="Size"/>², 0 is dark.</param>
    public void WriteTo(Span<byte> pixels, double noise, ref SplitMix64 random)
    {
        // Four uniform numbers add up to nearly a normal one of variance 1/3, without a logarithm.
        var scale = noise * Math.Sqrt(3);
        for (var i = 0; i < _ink.Length; i++)
        {
            var sum = random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble();
            pixels[i] = (byte)((255 * Math.Clamp(_ink[i] + (scale * (sum - 2)), 0, 1)) + 0.5);
        }
    }

    private static (int First, int Last) PixelsWithin(double low, double high) =>
        ((int)Math.Ceiling(Math.Max(low, 0)), (int)Math.Floor(Math.Min(high, Size - 1)));

    private static double Distance(GlyphPoint point, GlyphPoint from, GlyphPoint to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var (px, py) = (point.X - from.X, point.Y - from.Y);
        var square = (dx * dx) + (dy * dy);
        var along = square > 0 ? Math.Clamp(((px * dx) + (py * dy)) / square, 0, 1) : 0;
        var (ex, ey) = (px - (along * dx), py - (along * dy));
        return Math.Sqrt((ex * ex) + (ey * ey));
    }
}
