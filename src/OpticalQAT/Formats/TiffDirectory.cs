using System.Buffers.Binary;

namespace OpticalQAT.Formats;

/// <summary>
/// The statements of a TIFF file on its picture, classic or big, read before a decoder sees the file: no entry reaches out of
/// the file, and the picture has no more strips or tiles than it says where to find. Source: TIFF 6.0 (Adobe, 1992).
/// </summary>
internal sealed class TiffDirectory
{
    private const int MostEntries = 4096;
    private const int MostOfInterest = 8;
    private static readonly int[] Sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    private static readonly int[] WholeNumbers = [1, 3, 4, 13, 16, 18];

    private readonly Dictionary<int, ulong[]> _values = [];
    private readonly Dictionary<int, ulong> _counts = [];
    private readonly string _path;
    private readonly FileStream _file;
    private readonly bool _isBigEndian;
    private readonly bool _isBig;

    /// <summary>Reads the first directory.</summary>
    /// <exception cref="FileFormatException">It is damaged, or there is another one.</exception>
    public TiffDirectory(string path, FileStream file)
    {
        (_path, _file) = (path, file);
        var start = Bytes(0, 4);
        _isBigEndian = start[0] == 'M';
        _isBig = start[_isBigEndian ? 3 : 2] == 43;
        ReadEntries(_isBig ? Number(Bytes(8, 8)) : Number(Bytes(4, 4)));
    }

    private ulong Length => (ulong)_file.Length;

    /// <summary>The first values of a field; those given where it is not there.</summary>
    public ulong[] Values(TiffField field, params ulong[] otherwise) => _values.GetValueOrDefault((int)field, otherwise);

    /// <summary>The first value of a field.</summary>
    public ulong Value(TiffField field, ulong otherwise) => Values(field, otherwise)[0];

    /// <summary>The number of a field's values.</summary>
    public ulong Count(TiffField field) => _counts.GetValueOrDefault((int)field);

    private void ReadEntries(ulong at)
    {
        var (ofCount, ofEntry) = _isBig ? (8, 20) : (2, 12);
        var count = Number(Bytes(at, ofCount));
        if (count is 0 or > MostEntries)
            throw Damaged($"its directory would have {count} entries");
        var entries = Bytes(at + (ulong)ofCount, (int)count * ofEntry);
        var taken = 0ul;
        for (var i = 0; i < (int)count; i++)
            taken += ReadEntry(entries.AsSpan(i * ofEntry, ofEntry));
        // Entries may share bytes, but not so that a small file becomes a large one.
        if (taken > 4 * Length)
            throw Damaged("the entries of its directory overlap");
        var next = at + (ulong)(ofCount + entries.Length);
        if (Number(Bytes(next, _isBig ? 8 : 4)) != 0)
            throw new FileFormatException(_path, "it holds several pictures. Save the one that is meant by itself.");
    }

    /// <returns>The bytes of the entry's values.</returns>
    private ulong ReadEntry(ReadOnlySpan<byte> entry)
    {
        var (tag, type) = ((int)Number(entry[..2]), (int)Number(entry[2..4]));
        var size = type < Sizes.Length ? (ulong)Sizes[type] : 0;
        if (size == 0)
            return 0;
        var count = Number(entry[4..(_isBig ? 12 : 8)]);
        var place = entry[(_isBig ? 12 : 8)..];
        if (count > Length / size)
            throw Damaged($"its field {tag} would have {count} values");
        var bytes = count * size;
        var isInside = bytes <= (ulong)place.Length;
        if (!isInside && (Number(place) > Length || bytes > Length - Number(place)))
            throw Damaged($"its field {tag} lies outside the file");
        if (Enum.IsDefined((TiffField)tag))
        {
            // A decoder may read what is no whole number, or stands there twice, in another way than is checked here.
            if (count == 0 || !WholeNumbers.Contains(type) || _counts.ContainsKey(tag))
                throw Damaged($"its field {tag} has no values, values of another type, or stands there twice");
            var values = new ulong[Math.Min(count, MostOfInterest)];
            var content = isInside ? place : Bytes(Number(place), values.Length * (int)size);
            for (var i = 0; i < values.Length; i++)
                values[i] = Number(content.Slice(i * (int)size, (int)size));
            (_values[tag], _counts[tag]) = (values, count);
        }
        return bytes;
    }

    private byte[] Bytes(ulong at, int count)
    {
        if (at > Length || (ulong)count > Length - at)
            throw Damaged("it points outside the file");
        var bytes = new byte[count];
        _file.Position = (long)at;
        _file.ReadExactly(bytes);
        return bytes;
    }

    private ulong Number(ReadOnlySpan<byte> bytes) => (bytes.Length, _isBigEndian) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (8, true) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        (8, false) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => bytes[0],
    };

    private FileFormatException Damaged(string how) => new(_path, $"{how}: it is damaged or cut off. Fetch it again, or take it out of the set.");
}

/// <summary>The fields of a TIFF directory that say how a picture is stored.</summary>
internal enum TiffField
{
    Width = 256,
    Height = 257,
    BitsPerSample = 258,
    Compression = 259,
    Photometric = 262,
    StripOffsets = 273,
    Orientation = 274,
    SamplesPerPixel = 277,
    RowsPerStrip = 278,
    PlanarConfiguration = 284,
    TileWidth = 322,
    TileHeight = 323,
    TileOffsets = 324,
    ExtraSamples = 338,
    SampleFormat = 339,
}
