using BitMiracle.LibTiff.Classic;

namespace OpticalQAT.Tests.Support.Pictures;

/// <summary>TIFF files, in the many forms that the format has.</summary>
internal static class SampleTiffs
{
    /// <summary>The sample in every form that is read and keeps it exactly.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Exact()
    {
        var grey = SamplePictures.Grey;
        byte[] colour = [.. grey.SelectMany(value => (byte[])[value, value, value])];
        byte[] deep = [.. grey.SelectMany(value => BitConverter.GetBytes((ushort)(value * 257)))];
        byte[] single = [.. grey.SelectMany(value => BitConverter.GetBytes(value / 255f))];
        byte[] twice = [.. grey.SelectMany(value => BitConverter.GetBytes(value / 255.0))];
        yield return ("tiff.tif", Write(grey, new()));
        yield return ("tiff of 16 bits.tif", Write(deep, new() { Bits = 16 }));
        yield return ("tiff of 16 bits, big-endian.tif", Write(deep, new() { Bits = 16, Mode = "wb" }));
        yield return ("big tiff.tif", Write(grey, new() { Mode = "w8" }));
        yield return ("tiff of single precision.tiff", Write(single, new() { Bits = 32, Format = SampleFormat.IEEEFP }));
        yield return ("tiff of double precision, big-endian.tiff", Write(twice, new() { Bits = 64, Format = SampleFormat.IEEEFP, Mode = "wb" }));
        yield return ("tiff in colour.tif", Write(colour, new() { Samples = 3, Photometric = Photometric.RGB }));
        yield return ("tiff of which 0 is white.tif", Write([.. grey.Select(value => (byte)(255 - value))], new() { Photometric = Photometric.MINISWHITE }));
        yield return ("tiff in tiles.tif", Write(grey, new() { Tile = 16, Compression = Compression.LZW }));
        yield return ("tiff in one strip.tif", Write(grey, new() { RowsPerStrip = SamplePictures.Height }));
        foreach (var compression in new[] { Compression.LZW, Compression.ADOBE_DEFLATE, Compression.DEFLATE, Compression.PACKBITS })
            yield return ($"tiff by {compression}.tif", Write(grey, new() { Compression = compression }));
    }

    /// <summary>Writes the sample's 5 × 7 pixels.</summary>
    public static byte[] Write(byte[] pixels, TiffWriting form)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var tiff = Tiff.Open(path, form.Mode))
            {
                for (var page = 0; page < form.Pages; page++)
                    WritePage(tiff, pixels, form);
            }
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void WritePage(Tiff tiff, byte[] pixels, TiffWriting form)
    {
        tiff.SetField(TiffTag.IMAGEWIDTH, SamplePictures.Width);
        tiff.SetField(TiffTag.IMAGELENGTH, SamplePictures.Height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, form.Bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, form.Samples);
        tiff.SetField(TiffTag.SAMPLEFORMAT, form.Format);
        tiff.SetField(TiffTag.PHOTOMETRIC, form.Photometric);
        tiff.SetField(TiffTag.PLANARCONFIG, form.Planar);
        tiff.SetField(TiffTag.COMPRESSION, form.Compression);
        tiff.SetField(TiffTag.ORIENTATION, (Orientation)form.Orientation);
        if (form.Extra is { } extra)
            tiff.SetField(TiffTag.EXTRASAMPLES, 1, new[] { (short)extra });
        var row = pixels.Length / SamplePictures.Height;
        if (form.Tile is { } side)
            WriteTile(tiff, pixels, side, row);
        else
            WriteRows(tiff, pixels, form.RowsPerStrip, row);
        tiff.WriteDirectory();
    }

    private static void WriteRows(Tiff tiff, byte[] pixels, int rowsPerStrip, int row)
    {
        tiff.SetField(TiffTag.ROWSPERSTRIP, rowsPerStrip);
        for (var y = 0; y < SamplePictures.Height; y++)
            tiff.WriteScanline(pixels[(y * row)..((y + 1) * row)], y);
    }

    private static void WriteTile(Tiff tiff, byte[] pixels, int side, int row)
    {
        tiff.SetField(TiffTag.TILEWIDTH, side);
        tiff.SetField(TiffTag.TILELENGTH, side);
        var tile = new byte[tiff.TileSize()];
        for (var y = 0; y < SamplePictures.Height; y++)
            pixels.AsSpan(y * row, row).CopyTo(tile.AsSpan(y * tile.Length / side));
        tiff.WriteTile(tile, 0, 0, 0, 0);
    }
}

/// <summary>The form in which a TIFF is written.</summary>
internal sealed record TiffWriting
{
    public string Mode { get; init; } = "w";

    public int Bits { get; init; } = 8;

    public int Samples { get; init; } = 1;

    public int Pages { get; init; } = 1;

    public int RowsPerStrip { get; init; } = 2;

    public int Orientation { get; init; } = 1;

    public int? Tile { get; init; }

    public ExtraSample? Extra { get; init; }

    public SampleFormat Format { get; init; } = SampleFormat.UINT;

    public Photometric Photometric { get; init; } = Photometric.MINISBLACK;

    public PlanarConfig Planar { get; init; } = PlanarConfig.CONTIG;

    public Compression Compression { get; init; } = Compression.NONE;
}
