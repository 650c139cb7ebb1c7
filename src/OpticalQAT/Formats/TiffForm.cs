namespace OpticalQAT.Formats;

/// <summary>The meaning of a TIFF picture's numbers: how many make a pixel, of what type, and which of them is what.</summary>
/// <param name="Layout">Its size.</param>
/// <param name="Samples">Numbers of a pixel.</param>
/// <param name="IsColour">Whether the first three are red, green and blue; otherwise the first is the grey.</param>
/// <param name="IsInverted">Whether 0 is white.</param>
/// <param name="IsFloat">Whether the numbers are floating-point, from 0 to 1.</param>
/// <param name="HasAlpha">Whether the last number is an opacity by which the colours are still to be multiplied.</param>
/// <param name="IsYcc">Whether JPEG holds the colours as luma and chroma.</param>
/// <param name="Tile">The size of a tile; null where the picture is stored row by row.</param>
internal sealed record TiffForm(
    PictureLayout Layout, int Samples, bool IsColour, bool IsInverted, bool IsFloat, bool HasAlpha, bool IsYcc, (int Rows, int Columns)? Tile)
{
    private const int OldJpeg = 6;
    private const int Jpeg = 7;
    private const int Unassociated = 2; // opacity that the colours are not multiplied by
    private const long MostBytesOfByte = 4096; // the compressions in use make fewer
    private const long Allowance = 1 << 20;

    /// <summary>The bytes of so many pixels, each row padded to whole bytes.</summary>
    public long BytesOf(long rows, long columns) => rows * ((columns * Samples * Layout.Bits + 7) / 8);

    /// <summary>Reads what a directory says.</summary>
    /// <exception cref="FileFormatException">It is damaged, or says what is not read here.</exception>
    public static TiffForm Of(TiffDirectory directory, string path, long length)
    {
        var bits = directory.Values(TiffField.BitsPerSample, 1);
        var orientation = directory.Value(TiffField.Orientation, 1);
        var layout = new PictureLayout(
            (long)Math.Min(long.MaxValue, directory.Value(TiffField.Height, 0)), (long)Math.Min(long.MaxValue, directory.Value(TiffField.Width, 0)),
            (int)Math.Min(bits[0], 255), orientation is >= 1 and <= 8 ? (int)orientation : 1);
        if (layout.Problem(length) is { } problem)
            throw new FileFormatException(path, problem);

        var samples = directory.Value(TiffField.SamplesPerPixel, 1);
        var format = directory.Values(TiffField.SampleFormat, 1);
        var photometric = directory.Value(TiffField.Photometric, 1);
        var compression = directory.Value(TiffField.Compression, 1);
        var isColour = photometric is 2 or 6;
        if (Unread(bits, format, samples, photometric, compression, directory.Value(TiffField.PlanarConfiguration, 1)) is { } unread)
            throw new FileFormatException(path, $"{unread}. Save it as grey or RGB, with whole numbers of 8 or 16 bits.");

        var hasMore = samples > (isColour ? 3ul : 1);
        var form = new TiffForm(
            layout, (int)samples, isColour, photometric == 0, format[0] == 3, hasMore && directory.Value(TiffField.ExtraSamples, 0) == Unassociated, photometric == 6, TileOf(directory));
        var isTiled = form.Tile is not null;
        var (rows, columns) = form.Tile ?? ((int)Math.Min((ulong)layout.Rows, directory.Value(TiffField.RowsPerStrip, (ulong)layout.Rows)), (int)layout.Columns);
        if (rows < 1 || columns < 1 || Math.Max(form.BytesOf(rows, columns), form.BytesOf(layout.Rows, layout.Columns)) > Math.Min(Array.MaxLength, MostBytesOfByte * length + Allowance))
            throw new FileFormatException(path, $"its pixels, in pieces of {rows} × {columns}, would take more bytes than the {length} of the file can hold: it is damaged.");
        var pieces = Pieces(layout.Rows, rows) * Pieces(layout.Columns, columns);
        if ((ulong)pieces > directory.Count(isTiled ? TiffField.TileOffsets : TiffField.StripOffsets))
            throw new FileFormatException(path, $"it has {pieces} pieces, but does not say where all of them are: it is damaged.");
        return form;
    }

    private static string? Unread(ulong[] bits, ulong[] format, ulong samples, ulong photometric, ulong compression, ulong planar)
    {
        if (photometric is not (0 or 1 or 2) && (photometric, compression) is not (6, Jpeg))
            return $"its colours are stored in the way {photometric} of TIFF (a palette is 3), which is not read";
        if (compression == OldJpeg)
            return "it is compressed by the old JPEG of TIFF, which is not read";
        if (samples is 0 or > MostSamples || (photometric is 2 or 6 && samples < 3))
            return $"it has {samples} numbers for a pixel, which is not read";
        if (planar != 1 && samples > 1)
            return "its colours are stored one after another (planar), which is not read";
        if (bits.Distinct().Count() > 1 || format.Distinct().Count() > 1)
            return "its numbers are of different types, which is not read";
        return (format[0], bits[0]) is (1 or 4, 8 or 16) or (3, 32 or 64) || ((format[0], bits[0]) is (1 or 4, 1) && samples == 1) ? null
            : $"its numbers have {bits[0]} bits in the format {format[0]} of TIFF (whole numbers with a sign are 2, floating-point numbers 3), which is not read";
    }

    private const ulong MostSamples = 5;

    private static (int Rows, int Columns)? TileOf(TiffDirectory directory)
    {
        const ulong Most = 1 << 15;
        var (rows, columns) = (directory.Value(TiffField.TileHeight, 0), directory.Value(TiffField.TileWidth, 0));
        return (rows, columns) is (0, 0) ? null : (rows > Most || columns > Most) ? (0, 0) : ((int)rows, (int)columns);
    }

    private static long Pieces(long whole, long piece) => (whole + piece - 1) / piece;
}
