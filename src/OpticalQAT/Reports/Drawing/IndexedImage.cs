using System.Buffers.Binary;
using System.IO.Compression;

namespace OpticalQAT.Reports.Drawing;

/// <summary>
/// A picture of at most 256 colours, one byte per pixel, and its PNG. Maps of levels and intensities are such
/// pictures: an indexed PNG of them is a third of the size of a full-colour one, and is written without a native library.
/// </summary>
/// <param name="Pixels">Indices into the palette, [row, column].</param>
/// <param name="Palette">1 to 256 colours.</param>
public sealed record IndexedImage(byte[,] Pixels, IReadOnlyList<Rgb> Palette)
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    /// <summary>Pixels from left to right.</summary>
    public int Width => Pixels.GetLength(1);

    /// <summary>Pixels from top to bottom.</summary>
    public int Height => Pixels.GetLength(0);

    /// <summary>A map of values, each from <paramref name="low"/> to <paramref name="high"/> in 256 colours; everything dark where the two are equal.</summary>
    public static IndexedImage FromValues(float[,] values, ColorMap map, double low, double high)
    {
        var pixels = new byte[values.GetLength(0), values.GetLength(1)];
        for (var row = 0; row < pixels.GetLength(0); row++)
            for (var column = 0; column < pixels.GetLength(1); column++)
            {
                var value = (values[row, column] - low) / (high - low);
                pixels[row, column] = double.IsFinite(value) ? (byte)Math.Round(255 * Math.Clamp(value, 0, 1)) : (byte)0;
            }

        return new IndexedImage(pixels, map.Palette());
    }

    /// <summary>Every pixel as a square of <paramref name="factor"/>×<paramref name="factor"/> pixels.</summary>
    public IndexedImage Scaled(int factor)
    {
        var pixels = new byte[Height * factor, Width * factor];
        for (var row = 0; row < pixels.GetLength(0); row++)
            for (var column = 0; column < pixels.GetLength(1); column++)
                pixels[row, column] = Pixels[row / factor, column / factor];
        return this with { Pixels = pixels };
    }

    /// <summary>The picture as PNG, colour type 3 (W3C PNG specification, third edition). The same picture gives the same bytes.</summary>
    public byte[] ToPng()
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Height);
        header[8] = 8; // bits per index
        header[9] = 3; // indexed colour
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "PLTE"u8, [.. Palette.SelectMany(c => new[] { c.R, c.G, c.B })]);
        WriteChunk(png, "IDAT"u8, Compress());
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private byte[] Compress()
    {
        var line = new byte[Width + 1]; // the first byte says that the line is not filtered
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var row = 0; row < Height; row++)
            {
                for (var column = 0; column < Width; column++)
                    line[column + 1] = Pixels[row, column];
                zlib.Write(line);
            }
        }

        return bytes.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
            crc = CrcTable[(crc ^ value) & 255] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcOfByte(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
