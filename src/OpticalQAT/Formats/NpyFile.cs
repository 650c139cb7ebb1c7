using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>
/// NumPy's file of one array: float16/32/64, complex64/128, whole numbers of 8 to 64 bits with and without a sign, and
/// bool, little- or big-endian, in C or Fortran order. Little-endian in C order is what is written. Torch has no uint16
/// and uint32, which are read as int32 and int64; uint64 is read as int64 as far as that goes.
/// </summary>
public static class NpyFile
{
    /// <summary>Reads an array as a contiguous tensor on the CPU, in the caller's dispose scope.</summary>
    /// <exception cref="FileFormatException">The file breaks a rule of the format, or holds an array of another kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static torch.Tensor Read(string path)
    {
        using var stream = File.OpenRead(path);
        var header = ReadHeader(path, stream);
        var raw = new byte[stream.Length - stream.Position];
        stream.ReadExactly(raw);
        var bytes = header.Element.ToTensor(path, raw);
        if (!header.IsFortranOrder)
            return TensorBytes.Create(bytes, header.Element.Type, header.Shape);

        // In Fortran order the first index runs fastest: the same bytes are the transposed array in C order.
        using var scope = torch.NewDisposeScope();
        var axes = Enumerable.Range(0, header.Shape.Length).Reverse().Select(axis => (long)axis).ToArray();
        var transposed = TensorBytes.Create(bytes, header.Element.Type, [.. header.Shape.Reverse()]);
        return transposed.permute(axes).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The header of an array, without its numbers.</summary>
    /// <exception cref="FileFormatException">The file breaks a rule of the format, or holds an array of another kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static NpyHeader ReadHeader(string path)
    {
        using var stream = File.OpenRead(path);
        return ReadHeader(path, stream);
    }

    private static NpyHeader ReadHeader(string path, FileStream stream)
    {
        var header = NpyHeader.Read(path, stream);
        var (left, size) = (stream.Length - stream.Position, header.Element.Size);
        // Sizes beside a zero are counted too: torch works out steps from them.
        if (TensorBytes.Count(header.Shape) is not { } count || TensorBytes.Count([.. header.Shape.Where(extent => extent > 0)]) is not { } extent || extent > long.MaxValue / 16 || count * size != left)
            throw new FileFormatException(path, $"shape ({string.Join(", ", header.Shape)}) of {size}-byte elements does not fill the {left} bytes that follow: the file is cut off or damaged.");
        return count * header.Element.TensorSize <= Array.MaxLength ? header
            : throw new FileFormatException(path, $"the array takes {count * header.Element.TensorSize} bytes; at most {Array.MaxLength} can be read.");
    }

    /// <summary>Writes a tensor in C order.</summary>
    /// <exception cref="ArgumentException">The element type is not written here.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, torch.Tensor tensor)
    {
        var header = NpyHeader.ToBytes(tensor.dtype, tensor.shape);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            stream.Write(TensorBytes.Read(tensor));
        });
    }
}
