using System.Buffers.Binary;
using System.Text;

namespace OpticalQAT.Tests.Support;

/// <summary>Arrays as NumPy stores them, in every type that is read, made byte by byte.</summary>
internal static class NumpyArrays
{
    private static readonly string[] Names = ["b1", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"];

    /// <summary>The numbers of every array, [2, 3]; truth values where the type is bool.</summary>
    public static double[] Numbers { get; } = [0, 1, 2, 3, 100, 5];

    /// <summary>The same numbers in every type and order of bytes, with the name of the type.</summary>
    public static IEnumerable<(string Descr, byte[] Bytes)> Every() =>
        from name in Names
        from order in name[1] == '1' ? "|" : "<>"
        let descr = order + name
        select (descr, File(descr, "2, 3", [.. Numbers.SelectMany(number => Element(descr, number))]));

    /// <summary>A file.</summary>
    /// <param name="descr">The type.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="data">The elements.</param>
    /// <param name="isFortran">Whether the first index runs fastest.</param>
    public static byte[] File(string descr, string shape, byte[] data, bool isFortran = false)
    {
        var text = Encoding.ASCII.GetBytes($"{{'descr': '{descr}', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': ({shape}), }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. data];
    }

    /// <summary>A number in a type.</summary>
    public static byte[] Element(string descr, double number)
    {
        var bytes = new byte[descr[2] - '0'];
        switch (descr[1..])
        {
            case "b1":
                bytes[0] = number == 0 ? (byte)0 : (byte)1;
                break;
            case "f2":
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)number);
                break;
            case "f4":
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)number);
                break;
            case "f8":
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
                break;
            default:
                BitConverter.GetBytes((long)number).AsSpan(0, bytes.Length).CopyTo(bytes);
                break;
        }
        return descr[0] == '>' ? [.. bytes.Reverse()] : bytes;
    }
}
