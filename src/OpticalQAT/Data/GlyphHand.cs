namespace OpticalQAT.Data;

/// <summary>
/// The hand that wrote one example: the random departure from the ideal shape. A smooth quadratic warp bends the
/// glyph, an affine map shears, scales, turns and moves it onto the image.
/// </summary>
/// <remarks>
/// Sums, products, quotients and square roots only: they are exactly rounded everywhere, which sines are not, and the
/// same seed must give the same bytes on every machine. Hence rotations by the tangent of half their angle.
/// </remarks>
internal readonly struct GlyphHand
{
    private const double Centre = (GlyphCanvas.Size - 1) / 2.0;

    /// <summary>Pixels from the centre of the ideal glyph to its edge.</summary>
    private const double Radius = 10;

    private readonly double _xx, _xy, _yx, _yy, _x, _y;
    private readonly double[] _warp;

    /// <summary>Draws a hand.</summary>
    /// <param name="distortion">0 for the ideal shape, 1 for ordinary handwriting.</param>
    /// <param name="random">The example's generator.</param>
    public GlyphHand(double distortion, ref SplitMix64 random)
    {
        var halfTangent = distortion * random.NextUniform(-0.2, 0.2);
        var cosine = (1 - (halfTangent * halfTangent)) / (1 + (halfTangent * halfTangent));
        var sine = 2 * halfTangent / (1 + (halfTangent * halfTangent));
        var shear = distortion * random.NextUniform(-0.3, 0.3);
        var width = Radius * (1 + (distortion * random.NextUniform(-0.3, 0.1)));
        var height = Radius * (1 + (distortion * random.NextUniform(-0.3, 0.1)));

        // rotation · scale · shear
        _xx = cosine * width;
        _xy = (cosine * width * shear) - (sine * height);
        _yx = sine * width;
        _yy = (sine * width * shear) + (cosine * height);
        _x = Centre + (distortion * random.NextUniform(-2.2, 2.2));
        _y = Centre + (distortion * random.NextUniform(-2.2, 2.2));

        _warp = new double[6];
        for (var i = 0; i < _warp.Length; i++)
            _warp[i] = distortion * random.NextUniform(-0.2, 0.2);
    }

    /// <summary>The place on the image of a point of the ideal glyph, in pixels from the first pixel's centre.</summary>
    public GlyphPoint Place(GlyphPoint point)
    {
        var (x, y) = (point.X, point.Y);
        var bentX = x + (_warp[0] * x * x) + (_warp[1] * x * y) + (_warp[2] * y * y);
        var bentY = y + (_warp[3] * x * x) + (_warp[4] * x * y) + (_warp[5] * y * y);
        return new GlyphPoint(_x + (_xx * bentX) + (_xy * bentY), _y + (_yx * bentX) + (_yy * bentY));
    }
}
