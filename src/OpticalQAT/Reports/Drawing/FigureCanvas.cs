using SkiaSharp;

namespace OpticalQAT.Reports.Drawing;

/// <summary>
/// A white picture to draw on, in units of a page drawn at twice its size so that it prints well. Text is set in an
/// embedded Roboto: a bare machine has no fonts at all, and then the drawing library leaves text out without a word.
/// </summary>
internal sealed class FigureCanvas : IDisposable
{
    /// <summary>Ink of the text and the frames that matter.</summary>
    public static readonly SKColor Ink = new(0x1D, 0x21, 0x26);

    /// <summary>Labels and ticks.</summary>
    public static readonly SKColor Quiet = new(0x5D, 0x65, 0x6E);

    /// <summary>Grid lines and frames.</summary>
    public static readonly SKColor Rule = new(0xDC, 0xDF, 0xE3);

    /// <summary>The colour of the result.</summary>
    public static readonly SKColor Accent = new(0x1F, 0x5F, 0xA8);

    /// <summary>The colour of what stands beside the result.</summary>
    public static readonly SKColor Second = new(0x8A, 0x92, 0x9B);

    /// <summary>The colour of mistakes.</summary>
    public static readonly SKColor Wrong = new(0xB3, 0x40, 0x2A);

    private const int Scale = 2;
    private static readonly Lazy<SKTypeface> Regular = new(() => Typeface("Roboto-Regular.ttf"));
    private static readonly Lazy<SKTypeface> Bold = new(() => Typeface("Roboto-Bold.ttf"));

    private readonly SKBitmap _bitmap;
    private readonly SKCanvas _canvas;

    /// <summary>A white picture; the PNG has twice as many pixels each way.</summary>
    public FigureCanvas(double width, double height)
    {
        _bitmap = new SKBitmap((int)Math.Ceiling(width) * Scale, (int)Math.Ceiling(height) * Scale, SKColorType.Rgba8888, SKAlphaType.Opaque);
        _canvas = new SKCanvas(_bitmap);
        _canvas.Clear(SKColors.White);
        _canvas.Scale(Scale);
    }

    /// <summary>Text on a base line; <paramref name="align"/> says which part of it lies at x.</summary>
    public void Text(string text, double x, double y, SKTextAlign align = SKTextAlign.Left, double size = 11, SKColor? color = null, bool bold = false)
    {
        using var font = Font(size, bold);
        using var paint = new SKPaint { Color = color ?? Quiet, IsAntialias = true };
        _canvas.DrawText(text, (float)x, (float)y, align, font, paint);
    }

    /// <summary>The width of a text.</summary>
    public static double WidthOf(string text, double size = 11, bool bold = false)
    {
        using var font = Font(size, bold);
        return font.MeasureText(text);
    }

    public void Line(double x1, double y1, double x2, double y2, SKColor color, double width = 1, bool dashed = false)
    {
        using var paint = Stroke(color, width, dashed);
        _canvas.DrawLine((float)x1, (float)y1, (float)x2, (float)y2, paint);
    }

    public void Polyline(IEnumerable<(double X, double Y)> points, SKColor color, double width, bool dashed = false)
    {
        using var paint = Stroke(color, width, dashed);
        using var path = new SKPath();
        path.AddPoly([.. points.Select(p => new SKPoint((float)p.X, (float)p.Y))], close: false);
        _canvas.DrawPath(path, paint);
    }

    public void Area(IEnumerable<(double X, double Y)> outline, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        using var path = new SKPath();
        path.AddPoly([.. outline.Select(p => new SKPoint((float)p.X, (float)p.Y))], close: true);
        _canvas.DrawPath(path, paint);
    }

    public void Dot(double x, double y, double radius, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        _canvas.DrawCircle((float)x, (float)y, (float)radius, paint);
    }

    public void Fill(double x, double y, double width, double height, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        _canvas.DrawRect((float)x, (float)y, (float)width, (float)height, paint);
    }

    public void Frame(double x, double y, double width, double height, SKColor color, double line = 1, bool dashed = false)
    {
        using var paint = Stroke(color, line, dashed);
        _canvas.DrawRect((float)x, (float)y, (float)width, (float)height, paint);
    }

    /// <summary>A map, its pixels as sharp squares.</summary>
    public void Image(IndexedImage image, double x, double y, double width, double height)
    {
        var pixels = new SKColor[image.Width * image.Height];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = ColorOf(image.Palette[image.Pixels[i / image.Width, i % image.Width]]);
        using var bitmap = new SKBitmap(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque) { Pixels = pixels };
        using var picture = SKImage.FromBitmap(bitmap);
        var place = new SKRect((float)x, (float)y, (float)(x + width), (float)(y + height));
        _canvas.DrawImage(picture, place, new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>The picture as PNG. The same drawing gives the same bytes.</summary>
    public byte[] ToPng()
    {
        _canvas.Flush();
        using var image = SKImage.FromBitmap(_bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    public void Dispose()
    {
        _canvas.Dispose();
        _bitmap.Dispose();
    }

    /// <summary>The same colour in the drawing library's type.</summary>
    public static SKColor ColorOf(Rgb color) => new(color.R, color.G, color.B);

    private static SKPaint Stroke(SKColor color, double width, bool dashed) => new()
    {
        Color = color,
        IsAntialias = true,
        IsStroke = true,
        StrokeWidth = (float)width,
        StrokeJoin = SKStrokeJoin.Round,
        PathEffect = dashed ? SKPathEffect.CreateDash([4, 3], 0) : null,
    };

    // Hinting and subpixel tricks depend on the system's settings; outlines alone do not.
    private static SKFont Font(double size, bool bold) => new((bold ? Bold : Regular).Value, (float)size)
    {
        Hinting = SKFontHinting.None,
        Edging = SKFontEdging.Antialias,
        Subpixel = true,
    };

    private static SKTypeface Typeface(string file)
    {
        using var stream = typeof(FigureCanvas).Assembly.GetManifestResourceStream("OpticalQAT.Reports.Resources." + file)!;
        using var data = SKData.Create(stream); // a copy: glyphs are read long after the stream is closed
        return SKTypeface.FromData(data);
    }
}
