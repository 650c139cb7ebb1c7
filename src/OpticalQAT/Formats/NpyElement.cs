using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>The numbers of a .npy file.</summary>
/// <param name="Type">The type of the tensor's numbers. Whole numbers without a sign that torch has no type for become the next wider ones.</param>
/// <param name="Size">Bytes of a number in the file.</param>
/// <param name="IsBigEndian">Whether its bytes stand there with the highest first.</param>
internal sealed record NpyElement(torch.ScalarType Type, int Size, bool IsBigEndian)
{
    private static readonly Dictionary<string, (torch.ScalarType Type, int Size)> Types = new(StringComparer.Ordinal)
    {
        ["b1"] = (torch.ScalarType.Bool, 1),
        ["u1"] = (torch.ScalarType.Byte, 1),
        ["u2"] = (torch.ScalarType.Int32, 2),
        ["u4"] = (torch.ScalarType.Int64, 4),
        ["u8"] = (torch.ScalarType.Int64, 8),
        ["i1"] = (torch.ScalarType.Int8, 1),
        ["i2"] = (torch.ScalarType.Int16, 2),
        ["i4"] = (torch.ScalarType.Int32, 4),
        ["i8"] = (torch.ScalarType.Int64, 8),
        ["f2"] = (torch.ScalarType.Float16, 2),
        ["f4"] = (torch.ScalarType.Float32, 4),
        ["f8"] = (torch.ScalarType.Float64, 8),
        ["c8"] = (torch.ScalarType.ComplexFloat32, 8),
        ["c16"] = (torch.ScalarType.ComplexFloat64, 16),
    };

    /// <summary>The element types that are read, as NumPy names them.</summary>
    public static string Names => string.Join(", ", Types.Keys);

    /// <summary>Whether the numbers are complex.</summary>
    public bool IsComplex => Type is torch.ScalarType.ComplexFloat32 or torch.ScalarType.ComplexFloat64;

    /// <summary>Bytes of a number in the tensor.</summary>
    public int TensorSize => Widens ? 2 * Size : Size;

    // Int64 holds all that has four bytes; what has eight is checked.
    private bool Widens { get; init; }

    private bool IsUnsigned { get; init; }

    /// <summary>The numbers that a header names, such as <c>&lt;f8</c>; null where they are not read.</summary>
    public static NpyElement? Of(string descr) => descr.Length < 3 || !"<>=|".Contains(descr[0], StringComparison.Ordinal) || !Types.TryGetValue(descr[1..], out var type)
        ? null
        : new NpyElement(type.Type, type.Size, descr[0] == '>' && type.Size > 1) { Widens = descr[1..] is "u2" or "u4", IsUnsigned = descr[1] == 'u' };

    /// <summary>NumPy's name of a tensor's element type; null where it is not written.</summary>
    public static string? DescrOf(torch.ScalarType type) =>
        Types.Where(known => known.Value.Type == type && (known.Key[0] != 'u' || known.Value.Size == 1)).Select(known => (known.Value.Size == 1 ? '|' : '<') + known.Key).FirstOrDefault();

    /// <summary>The bytes of a file as a tensor holds them; the same array where that can be done in place.</summary>
    /// <exception cref="FileFormatException">A number has no place in the tensor's type.</exception>
    public byte[] ToTensor(string path, byte[] bytes)
    {
        if (IsBigEndian)
            Reverse(bytes);
        if (Type is torch.ScalarType.Bool)
            MakeTruthValues(bytes);
        if (Widens)
            return Size == 2 ? Wider<ushort, int>(bytes) : Wider<uint, long>(bytes);
        if (IsUnsigned && Size == 8 && MemoryMarshal.Cast<byte, long>(bytes).IndexOfAnyInRange(long.MinValue, -1) >= 0)
            throw new FileFormatException(path, $"it holds whole numbers above {long.MaxValue}, which are not read. Write it by array.astype('<f8').");
        return bytes;
    }

    // Other bytes than 0 and 1 are no truth values to torch.
    private static void MakeTruthValues(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
            value = value == 0 ? (byte)0 : (byte)1;
    }

    private void Reverse(Span<byte> bytes)
    {
        switch (IsComplex ? Size / 2 : Size)
        {
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            default:
                var eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }

    private static byte[] Wider<TFrom, TTo>(byte[] bytes)
        where TFrom : unmanaged, System.Numerics.INumberBase<TFrom>
        where TTo : unmanaged, System.Numerics.INumberBase<TTo>
    {
        var wide = new byte[2 * bytes.Length];
        var from = MemoryMarshal.Cast<byte, TFrom>(bytes);
        var to = MemoryMarshal.Cast<byte, TTo>(wide.AsSpan());
        for (var i = 0; i < from.Length; i++)
            to[i] = TTo.CreateChecked(from[i]);
        return wide;
    }
}
