namespace OpticalQAT.Formats;

/// <summary>The layout of a picture in its file.</summary>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Columns">Columns in the file.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="Orientation">1 to 8, as EXIF and TIFF count: on which sides the first row and the first column are to be looked for.</param>
internal readonly record struct PictureLayout(long Rows, long Columns, int Bits = 8, int Orientation = 1)
{
    /// <summary>Samples a side of the largest plane.</summary>
    public const int MostSide = 16384;

    /// <summary>The most pixels that are read: those of the largest plane.</summary>
    public const long MostPixels = (long)MostSide * MostSide;

    // Of a byte deflate makes 8256 pixels of a bit at most; what states more than twice as many is made to take memory.
    private const long MostPixelsOfByte = 16384;

    /// <summary>Pixels from top to bottom, as it is looked at.</summary>
    public long Height => IsTurned ? Columns : Rows;

    /// <summary>Pixels from left to right, as it is looked at.</summary>
    public long Width => IsTurned ? Rows : Columns;

    private bool IsTurned => Orientation is >= 5 and <= 8;

    /// <summary>The reason why a picture of this size is not read from a file of that many bytes; null where it is.</summary>
    public string? Problem(long length)
    {
        if (Rows < 1 || Columns < 1)
            return $"it states {Rows} × {Columns} pixels: it is damaged.";
        if (Rows > MostPixels || Columns > MostPixels || Rows * Columns > MostPixels)
            return $"it has {Height} × {Width} pixels; at most {MostPixels} ({MostSide} × {MostSide}) are read. Crop or resample it.";
        if (Rows * Columns > MostPixelsOfByte * length)
            return $"it states {Height} × {Width} pixels, and its {length} bytes cannot hold a picture of that size: it is damaged.";
        return null;
    }

    /// <summary>The places of stored pixels in the picture as it is looked at, whose rows follow each other: the first of them, and the steps from one row, and one column, to the next.</summary>
    public (int First, int Row, int Column) Places()
    {
        var (rows, columns) = ((int)Rows, (int)Columns);
        var last = rows * columns - 1;
        return Orientation switch
        {
            2 => (columns - 1, columns, -1),
            3 => (last, -columns, -1),
            4 => (last + 1 - columns, -columns, 1),
            5 => (0, 1, rows),
            6 => (rows - 1, -1, rows),
            7 => (last, -1, -rows),
            8 => (last + 1 - rows, 1, -rows),
            _ => (0, columns, 1),
        };
    }
}

/// <summary>The canvas to which a picture is written, row by row or tile by tile as it stands in its file, so that it is seen as it is to be looked at.</summary>
/// <param name="luma">[height, width] of the layout.</param>
/// <param name="layout">The layout of the picture in its file.</param>
internal readonly ref struct PictureCanvas(Span<byte> luma, PictureLayout layout)
{
    private readonly Span<byte> _luma = luma;
    private readonly (int First, int Row, int Column) _places = layout.Places();

    /// <summary>Writes a part of a row.</summary>
    /// <param name="row">The row in the file.</param>
    /// <param name="column">The column in the file of the first value.</param>
    /// <param name="values">The values.</param>
    public void Put(int row, int column, ReadOnlySpan<byte> values)
    {
        var place = _places.First + row * _places.Row + column * _places.Column;
        if (_places.Column == 1)
        {
            values.CopyTo(_luma[place..]);
            return;
        }
        foreach (var value in values)
        {
            _luma[place] = value;
            place += _places.Column;
        }
    }
}
