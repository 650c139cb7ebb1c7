using System.Buffers.Binary;
using System.IO.Compression;

namespace OpticalQAT.Formats;

/// <summary>
/// The file format of the MNIST family, plain or compressed by gzip: two zeros, the element type, the number of
/// dimensions, their sizes as big-endian 32-bit integers, then the elements in C order.
/// Source: the description on the MNIST page of LeCun, Cortes and Burges.
/// </summary>
/// <param name="Data">The elements, unsigned bytes.</param>
/// <param name="Shape">The sizes, outermost first: images are [count, rows, columns], labels [count].</param>
public sealed record IdxFile(byte[] Data, int[] Shape)
{
    private const byte UnsignedByte = 0x08;
    private const int FirstPart = 1 << 24;
    private const long LargestExpansion = 1032; // deflate makes no more than this many bytes of one

    /// <summary>Reads a file; whether it is compressed is told by its first bytes, not by its name.</summary>
    /// <exception cref="FileFormatException">The file is no such file, is cut off, or has more than its header states.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile Read(string path) => Open(path, (stream, most, stated) =>
    {
        var (shape, count) = ReadHeader(path, stream, most);
        var data = ReadData(path, stream, count);
        if (stream.ReadByte() >= 0)
            throw new FileFormatException(path, $"more bytes follow than the {count} that its header states: the file is damaged.");
        if (stated is not null && stated != (uint)(4 + 4 * shape.Length + (long)count))
            throw new FileFormatException(path, "its last bytes do not state its length as gzip asks: it is cut off (fetch it again), or several files in one (unpack it).");
        return new IdxFile(data, shape);
    });

    /// <summary>The sizes that a file's header states, outermost first; no element is read or unpacked.</summary>
    /// <exception cref="FileFormatException">The file is no such file, or cannot hold what its header states.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int[] ReadShape(string path) => Open(path, (stream, most, _) => ReadHeader(path, stream, most).Shape);

    /// <summary>Reads the uncompressed file, given the most bytes that it can have, and the length that gzip states, modulo 2³².</summary>
    private static T Open<T>(string path, Func<Stream, long, uint?, T> read)
    {
        using var file = File.OpenRead(path);
        if (!IsGzip(file))
            return read(file, file.Length, null);
        var stated = ReadStatedLength(file);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        try
        {
            return read(gzip, file.Length > long.MaxValue / LargestExpansion ? long.MaxValue : file.Length * LargestExpansion, stated);
        }
        catch (InvalidDataException e)
        {
            throw new FileFormatException(path, $"the compressed data are damaged ({e.Message}); fetch the file again.", e);
        }
    }

    /// <param name="path">For messages.</param>
    /// <param name="stream">The uncompressed file.</param>
    /// <param name="most">It cannot have more bytes than this, so a header that states more lies.</param>
    private static (int[] Shape, int Count) ReadHeader(string path, Stream stream, long most)
    {
        var magic = new byte[4];
        ReadExactly(path, stream, magic, "its first four bytes");
        if (magic[0] != 0 || magic[1] != 0)
            throw new FileFormatException(path, $"it begins with {Convert.ToHexStringLower(magic)}, an IDX file with two zero bytes: this is some other file.");
        if (magic[2] != UnsignedByte)
            throw new FileFormatException(path, $"its elements are of type 0x{magic[2]:x2}; only unsigned bytes (0x08) are read.");
        if (magic[3] == 0)
            throw new FileFormatException(path, "it states no dimensions: the file is damaged.");

        var sizes = new byte[4 * magic[3]];
        ReadExactly(path, stream, sizes, "its header");
        return ReadShape(path, sizes, most);
    }

    // The memory grows with what has come, so that a compressed file that states much and holds little takes little.
    private static byte[] ReadData(string path, Stream stream, int count)
    {
        var data = new byte[Math.Min(count, FirstPart)];
        var read = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        while (read == data.Length && read < count)
        {
            Array.Resize(ref data, (int)Math.Min(count, 2L * data.Length));
            read += stream.ReadAtLeast(data.AsSpan(read), data.Length - read, throwOnEndOfStream: false);
        }
        return read == count ? data : throw CutOff(path, read, $"the {count} bytes that its header states");
    }

    private static (int[] Shape, int Count) ReadShape(string path, byte[] sizes, long most)
    {
        var shape = new int[sizes.Length / 4];
        var count = 1L;
        for (var i = 0; i < shape.Length; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(4 * i));
            count = size == 0 || count <= Array.MaxLength / size ? count * size : long.MaxValue;
            if (size > int.MaxValue || count > Array.MaxLength)
                throw new FileFormatException(path, $"its header states more than {Array.MaxLength} elements: the file is damaged, or too large to be read.");
            shape[i] = (int)size;
        }
        if (count > most)
            throw new FileFormatException(path, $"its header states {count} bytes, more than the file can hold: it is cut off; fetch it again.");
        return (shape, (int)count);
    }

    private static void ReadExactly(string path, Stream stream, byte[] bytes, string what)
    {
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw CutOff(path, read, what);
    }

    private static FileFormatException CutOff(string path, int read, string what) =>
        new(path, $"it ends after {read} of {what}: the file is cut off; fetch it again.");

    // GZipStream takes a file whose last bytes are missing for a whole one; they are a checksum and the length.
    private static uint ReadStatedLength(FileStream file)
    {
        Span<byte> last = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - last.Length);
        var read = file.ReadAtLeast(last, last.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == last.Length ? BinaryPrimitives.ReadUInt32LittleEndian(last) : 0;
    }

    private static bool IsGzip(FileStream file)
    {
        var (first, second) = (file.ReadByte(), file.ReadByte());
        file.Position = 0;
        return first == 0x1f && second == 0x8b;
    }
}
