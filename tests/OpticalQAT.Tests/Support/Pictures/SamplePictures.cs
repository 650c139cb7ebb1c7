using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace OpticalQAT.Tests.Support.Pictures;

/// <summary>Grey pictures in the formats that are read, as bytes: written here, so that each can be damaged at a known place.</summary>
internal static class SamplePictures
{
    public const int Height = 5;
    public const int Width = 7;

    /// <summary>The grey values of the sample, [5, 7], all different.</summary>
    public static byte[] Grey { get; } = [.. Enumerable.Range(0, Height * Width).Select(i => (byte)(7 * i + 3))];

    /// <summary>The sample in every format that keeps it exactly, by its name and ending.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Exact() =>
    [
        ("png of 8 bits.png", Png(Grey, Height, Width)),
        ("png of 16 bits.png", Png(Grey, Height, Width, 16)),
        ("bmp.bmp", Bmp(Grey, Height, Width)),
        ("webp.webp", Encoded(SKEncodedImageFormat.Webp)),
        ("pgm as text.pgm", Encoding.ASCII.GetBytes($"P2 # grey\n{Width} {Height}\n# size\n255\n{string.Join(' ', Grey)}\n")),
        ("pgm of 8 bits.pgm", [.. Encoding.ASCII.GetBytes($"P5\n{Width} {Height}\n255\n"), .. Grey]),
        ("pgm of 16 bits.pgm", [.. Encoding.ASCII.GetBytes($"P5\n{Width} {Height}\n65535\n"), .. Grey.SelectMany(value => (byte[])[value, value])]),
        ("ppm as text.ppm", Encoding.ASCII.GetBytes($"P3 {Width} {Height} 255 {string.Join(' ', Grey.Select(value => $"{value} {value} {value}"))}\n")),
        ("ppm.ppm", [.. Encoding.ASCII.GetBytes($"P6\n{Width} {Height}\n255\n"), .. Grey.SelectMany(value => (byte[])[value, value, value])]),
        .. SampleTiffs.Exact(),
    ];

    /// <summary>The formats that do not keep every grey: a GIF of two greys, a JPEG.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Others() => [("gif.gif", Gif(1)), ("jpeg.jpg", Jpeg())];

    /// <summary>A grey PNG; what its header states may be a lie.</summary>
    public static byte[] Png(byte[] grey, int height, int width, int bits = 8, int? statedHeight = null, int? statedWidth = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, statedWidth ?? width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), statedHeight ?? height);
        header[8] = (byte)bits;
        var pixels = new MemoryStream();
        using (var packed = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                packed.WriteByte(0);
                foreach (var value in grey.AsSpan(y * width, width))
                    packed.Write(bits == 8 ? [value] : [value, value]);
            }
        }
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>A JPEG of a dark left and a bright right half, 16 × 32, with the orientation that EXIF states.</summary>
    public static byte[] Jpeg(int orientation = 1)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(32, 16, SKColorType.Gray8));
        for (var y = 0; y < 16; y++)
        {
            for (var x = 0; x < 32; x++)
                bitmap.SetPixel(x, y, x < 16 ? SKColors.Black : y < 8 ? SKColors.White : SKColors.Gray);
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        var plain = data.ToArray();
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        return [0xff, 0xd8, 0xff, 0xe1, 0, (byte)(exif.Length + 2), .. exif, .. plain[2..]];
    }

    /// <summary>A GIF of one white pixel, so many times.</summary>
    public static byte[] Gif(int frames) =>
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0,
        .. Enumerable.Repeat<byte[]>([0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0], frames).SelectMany(frame => frame),
        0x3b,
    ];

    private static byte[] Bmp(byte[] grey, int height, int width)
    {
        var stride = (3 * width + 3) / 4 * 4;
        var bytes = new byte[54 + stride * height];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        bytes[10] = 54;
        bytes[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
        (bytes[26], bytes[28]) = (1, 24);
        for (var i = 0; i < grey.Length; i++)
            bytes.AsSpan(54 + (height - 1 - i / width) * stride + i % width * 3, 3).Fill(grey[i]);
        return bytes;
    }

    private static byte[] Encoded(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < Grey.Length; i++)
            bitmap.SetPixel(i % Width, i / Width, new SKColor(Grey[i], Grey[i], Grey[i]));
        using var pixmap = bitmap.PeekPixels()!;
        using var data = format is SKEncodedImageFormat.Webp
            ? pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100))
            : pixmap.Encode(format, 100);
        return data!.ToArray();
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        return [.. BigEndian((uint)content.Length), .. named, .. BigEndian(Crc(named))];
    }

    private static byte[] BigEndian(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xedb88320u & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
