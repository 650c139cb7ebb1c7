using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>
/// NumPy's file of one array: float32/64, complex64/128, uint8, int32/64 and bool, little-endian. Fortran order is read
/// too; C order is what is written.
/// </summary>
public static class NpyFile
{
    /// <summary>Reads an array as a contiguous tensor on the CPU, in the caller's dispose scope.</summary>
    /// <exception cref="FileFormatException">The file breaks a rule of the format, or holds an array of another kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static torch.Tensor Read(string path)
    {
        using var stream = File.OpenRead(path);
        var header = NpyHeader.Read(path, stream);
        var left = stream.Length - stream.Position;
        var count = TensorBytes.Count(header.Shape);
        if (count is null || count > long.MaxValue / header.ElementSize || count * header.ElementSize != left)
            throw new FileFormatException(path, $"shape ({string.Join(", ", header.Shape)}) of {header.ElementSize}-byte elements does not fill the {left} bytes that follow: the file is cut off or damaged.");
        if (left > Array.MaxLength)
            throw new FileFormatException(path, $"the array has {left} bytes; at most {Array.MaxLength} can be read.");
        var bytes = new byte[left];
        stream.ReadExactly(bytes);
        if (!header.IsFortranOrder)
            return TensorBytes.Create(bytes, header.Type, header.Shape);

        // In Fortran order the first index runs fastest: the same bytes are the transposed array in C order.
        using var scope = torch.NewDisposeScope();
        var axes = Enumerable.Range(0, header.Shape.Length).Reverse().Select(axis => (long)axis).ToArray();
        var transposed = TensorBytes.Create(bytes, header.Type, [.. header.Shape.Reverse()]);
        return transposed.permute(axes).contiguous().MoveToOuterDisposeScope();
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
