using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>A tensor's elements as bytes: little-endian, C order, complex numbers as real part and imaginary part.</summary>
internal static class TensorBytes
{
    /// <summary>The elements of a tensor on any device, of any strides.</summary>
    public static byte[] Read(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var plain = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous();
        return plain.NumberOfElements == 0 ? [] : plain.bytes.ToArray();
    }

    /// <summary>A tensor on the CPU with these elements, in the caller's dispose scope.</summary>
    /// <param name="bytes">As many as the shape asks for.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="shape">The shape; empty for a scalar.</param>
    public static torch.Tensor Create(Span<byte> bytes, torch.ScalarType type, long[] shape)
    {
        var tensor = torch.empty(shape, dtype: type);
        if (bytes.Length > 0)
            tensor.bytes = bytes;
        return tensor;
    }

    /// <summary>The number of elements of a shape; null where a size is negative or the number has no place in 63 bits.</summary>
    public static long? Count(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size < 0 || (size > 0 && count > long.MaxValue / size))
                return null;
            count *= size;
        }
        return count;
    }
}
