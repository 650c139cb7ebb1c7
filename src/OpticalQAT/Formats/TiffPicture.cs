using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace OpticalQAT.Formats;

/// <summary>
/// A TIFF picture, one in its file: grey or RGB, whole numbers of 8 or 16 bits, floating-point numbers from 0 to 1, or
/// black and white; in strips or tiles, in every compression that LibTiff.NET knows.
/// </summary>
internal sealed class TiffPicture : PictureFile
{
    private readonly TiffForm _form;

    static TiffPicture() => Tiff.SetErrorHandler(new TiffListener());

    private TiffPicture(string path, TiffForm form)
        : base(path, form.Layout) => _form = form;

    /// <summary>Reads the header.</summary>
    public static TiffPicture OpenTiff(string path)
    {
        using var file = File.OpenRead(path);
        return new TiffPicture(path, TiffForm.Of(new TiffDirectory(path, file), path, file.Length));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The file is open only while it is decoded.
    }

    /// <inheritdoc/>
    protected override void Decode(PictureCanvas canvas)
    {
        try
        {
            TiffListener.Heard = null;
            using var tiff = Tiff.Open(Path, "r") ?? throw Undecodable();
            CheckPieces(tiff);
            if (_form.IsYcc)
                tiff.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB);
            if (_form.Tile is { } tile)
                DecodeTiles(tiff, canvas, tile);
            else
                DecodeRows(tiff, canvas);
        }
        catch (Exception e) when (e is not (FileFormatException or IOException or OutOfMemoryException))
        {
            // The decoder meets damage with whatever exception it comes to.
            throw Undecodable(e);
        }
    }

    // The decoder takes as much memory for a piece as the file states that it has bytes.
    private void CheckPieces(Tiff tiff)
    {
        var length = new FileInfo(Path).Length;
        var count = _form.Tile is null ? tiff.NumberOfStrips() : tiff.NumberOfTiles();
        for (var i = 0; i < count; i++)
        {
            if ((_form.Tile is null ? tiff.RawStripSize(i) : tiff.RawTileSize(i)) > length)
                throw new FileFormatException(Path, "a piece of it would have more bytes than the file: it is damaged. Fetch it again, or take it out of the set.");
        }
    }

    private void DecodeRows(Tiff tiff, PictureCanvas canvas)
    {
        var (stored, row) = (new byte[_form.BytesOf(1, Layout.Columns)], new byte[Layout.Columns]);
        if (tiff.ScanlineSize() != stored.Length)
            throw Undecodable();
        for (var y = 0; y < Layout.Rows; y++)
        {
            if (!tiff.ReadScanline(stored, y))
                throw Undecodable();
            Mix(stored, row);
            canvas.Put(y, 0, row);
        }
    }

    private void DecodeTiles(Tiff tiff, PictureCanvas canvas, (int Rows, int Columns) tile)
    {
        var bytesOfRow = (int)_form.BytesOf(1, tile.Columns);
        var (stored, row) = (new byte[bytesOfRow * tile.Rows], new byte[tile.Columns]);
        if (tiff.TileSize() != stored.Length)
            throw Undecodable();
        for (var top = 0; top < Layout.Rows; top += tile.Rows)
        {
            for (var left = 0; left < Layout.Columns; left += tile.Columns)
            {
                if (tiff.ReadTile(stored, 0, left, top, 0, 0) < 0)
                    throw Undecodable();
                var inside = row.AsSpan(0, (int)Math.Min(tile.Columns, Layout.Columns - left));
                for (var y = 0; y < Math.Min(tile.Rows, Layout.Rows - top); y++)
                {
                    Mix(stored.AsSpan(y * bytesOfRow, bytesOfRow), inside);
                    canvas.Put(top + y, left, inside);
                }
            }
        }
    }

    private void Mix(ReadOnlySpan<byte> stored, Span<byte> row)
    {
        for (var x = 0; x < row.Length; x++)
        {
            var first = x * _form.Samples;
            var (red, green, blue) = _form.IsColour
                ? (Sample(stored, first), Sample(stored, first + 1), Sample(stored, first + 2))
                : (Sample(stored, first), Sample(stored, first), Sample(stored, first));
            var alpha = _form.HasAlpha ? Sample(stored, first + _form.Samples - 1) / 255 : 1;
            row[x] = _form.IsInverted ? Luma(255 - red, 255 - green, 255 - blue, alpha) : Luma(red, green, blue, alpha);
        }
    }

    /// <summary>A number of a row, from 0 to 255; the decoder leaves it in the order of this machine's bytes.</summary>
    private double Sample(ReadOnlySpan<byte> stored, int index) => Layout.Bits switch
    {
        1 => (stored[index / 8] >> (7 - index % 8) & 1) * 255,
        8 => stored[index],
        16 => MemoryMarshal.Cast<byte, ushort>(stored)[index] / 257.0,
        32 => OfUnit(MemoryMarshal.Cast<byte, float>(stored)[index]),
        _ => OfUnit(MemoryMarshal.Cast<byte, double>(stored)[index]),
    };

    private double OfUnit(double value) => value is >= 0 and <= 1 ? value * 255
        : throw new FileFormatException(Path, $"it holds the value {value:0.####}; pictures of floating-point numbers run from 0 (dark) to 1 (bright). Scale them, or save it with 8 or 16 bits.");

    private FileFormatException Undecodable(Exception? inner = null) =>
        new(Path, $"its pixels cannot be decoded ({TiffListener.Heard ?? inner?.Message ?? "no reason is given"}): it is damaged or cut off. Fetch it again, or take it out of the set.", inner);
}
