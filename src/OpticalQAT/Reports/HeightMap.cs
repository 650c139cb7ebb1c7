using OpticalQAT.Reports.Drawing;

namespace OpticalQAT.Reports;

/// <summary>
/// A mask as a picture: one colour per level, or 256 colours over the range of heights in full precision.
/// The colour follows the height, not the level's number, so that uneven tables look uneven; heights that wrap at
/// one wave take cyclic colours, so that the tallest and the lowest level look like the neighbours that they are.
/// </summary>
internal sealed class HeightMap
{
    private readonly ReportMask _mask;
    private readonly ColorMap _colors;

    public HeightMap(ReportMask mask)
    {
        _mask = mask;
        _colors = mask.WrapHeight is null ? ColorMap.Viridis : ColorMap.Cyclic;
        var heights = mask.LevelTable ?? [.. mask.Heights.Cast<double>()];
        Lowest = mask.WrapHeight is null ? heights.Min() : Math.Min(0, heights.Min());
        Highest = Math.Max(mask.WrapHeight ?? 0, heights.Max());
    }

    /// <summary>The height in metres at the bottom of the colour bar.</summary>
    public double Lowest { get; }

    /// <summary>The height in metres at the top of the colour bar.</summary>
    public double Highest { get; }

    /// <summary>The mask as PNG, each of its pixels a square, so many pixels wide that the picture is at least <paramref name="minimumSize"/> pixels wide.</summary>
    public static byte[] ToPng(ReportMask mask, int minimumSize = 256)
    {
        var image = new HeightMap(mask).ToImage();
        return image.Scaled((minimumSize + image.Width - 1) / image.Width).ToPng();
    }

    /// <summary>The colour of a height in metres.</summary>
    public Rgb ColorOf(double height)
    {
        if (_mask.WrapHeight is { } wave)
            return _colors.At((height / wave) - Math.Floor(height / wave));
        return _colors.At(Highest > Lowest ? (height - Lowest) / (Highest - Lowest) : 0);
    }

    /// <summary>One pixel per pixel of the mask.</summary>
    public IndexedImage ToImage()
    {
        var levels = _mask.Levels;
        var table = _mask.LevelTable is { Length: <= 256 } t && levels is not null ? t : null;
        var pixels = new byte[_mask.Heights.GetLength(0), _mask.Heights.GetLength(1)];
        for (var row = 0; row < pixels.GetLength(0); row++)
            for (var column = 0; column < pixels.GetLength(1); column++)
                pixels[row, column] = table is null ? Bin(_mask.Heights[row, column]) : (byte)levels![row, column];
        var palette = table ?? [.. Enumerable.Range(0, 256).Select(i => Lowest + (i / 255.0 * (Highest - Lowest)))];
        return new IndexedImage(pixels, [.. palette.Select(ColorOf)]);
    }

    private byte Bin(double height) =>
        (byte)Math.Round(255 * Math.Clamp((height - Lowest) / Math.Max(Highest - Lowest, double.Epsilon), 0, 1));
}
