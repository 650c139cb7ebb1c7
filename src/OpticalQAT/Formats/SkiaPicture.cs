using SkiaSharp;

namespace OpticalQAT.Formats;

/// <summary>A picture in one of the formats of cameras, screens and the web: PNG, JPEG, BMP, GIF, WebP.</summary>
internal sealed class SkiaPicture : PictureFile
{
    private readonly SKCodec _codec;

    private SkiaPicture(string path, SKCodec codec, PictureLayout layout)
        : base(path, layout) => _codec = codec;

    /// <summary>Reads the header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">Its first bytes.</param>
    public static SkiaPicture OpenPicture(string path, ReadOnlySpan<byte> start)
    {
        var codec = SKCodec.Create(path, out var result)
            ?? throw new FileFormatException(path, result is SKCodecResult.IncompleteInput
                ? CutOff
                : "this is no picture that can be read: it is damaged, or another format under this ending. Take it out of the set, or save it as PNG.");
        if (codec.FrameCount > 1)
        {
            var count = codec.FrameCount;
            codec.Dispose();
            throw new FileFormatException(path, $"it is an animation of {count} pictures. Save the one that is meant as PNG.");
        }
        // The origins are numbered as EXIF numbers them.
        return new SkiaPicture(path, codec, new PictureLayout(codec.Info.Height, codec.Info.Width, BitsOf(start), (int)codec.EncodedOrigin));
    }

    /// <inheritdoc/>
    public override void Dispose() => _codec.Dispose();

    /// <inheritdoc/>
    protected override void Decode(PictureCanvas canvas)
    {
        var isGrey = _codec.Info.ColorType is SKColorType.Gray8;
        var isOpaque = _codec.Info.AlphaType is SKAlphaType.Opaque;
        var info = _codec.Info
            .WithColorType(isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888)
            .WithAlphaType(isOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info))
            throw new FileFormatException(Path, $"there is no memory for its {Height} × {Width} pixels.");
        var result = _codec.GetPixels(info, bitmap.GetPixels());
        if (result is not SKCodecResult.Success)
            throw new FileFormatException(Path, result is SKCodecResult.IncompleteInput ? CutOff : $"it is damaged ({result}). Fetch it again, or take it out of the set.");

        var pixels = bitmap.GetPixelSpan();
        var row = new byte[info.Width];
        for (var y = 0; y < info.Height; y++)
        {
            var stored = pixels.Slice(y * info.RowBytes, info.RowBytes);
            if (isGrey)
                stored.CopyTo(row);
            else
                Mix(stored, row);
            canvas.Put(y, 0, row);
        }
    }

    private static void Mix(ReadOnlySpan<byte> stored, Span<byte> row)
    {
        for (var x = 0; x < row.Length; x++)
        {
            var pixel = stored.Slice(4 * x, 4);
            row[x] = Luma(pixel[0], pixel[1], pixel[2], pixel[3] / 255.0);
        }
    }

    // Of these formats PNG alone has samples of 16 bits; its header stands at the beginning.
    private static int BitsOf(ReadOnlySpan<byte> start) => start is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? Math.Max(8, (int)start[24]) : 8;
}
