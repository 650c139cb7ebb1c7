using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>
/// The header of a .npy file, versions 1 to 3: a magic text, a version, a length and a Python dictionary.
/// Source: NumPy's NEP 1 and the documentation of numpy.lib.format.
/// </summary>
internal sealed partial record NpyHeader(NpyElement Element, bool IsFortranOrder, long[] Shape)
{
    private const int LargestText = 1 << 20; // bytes; a real one has a hundred
    private const int MostDimensions = 64; // as many as NumPy has

    /// <summary>Reads the header and leaves the stream at the data.</summary>
    /// <exception cref="FileFormatException">It is no such header, or one of an array that is not read here.</exception>
    public static NpyHeader Read(string path, Stream stream)
    {
        var start = new byte[8];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || start[0] != 0x93 || !start.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw new FileFormatException(path, "the file does not begin as a .npy file does.");
        var version = start[6];
        if (version is < 1 or > 3)
            throw new FileFormatException(path, $"version {version} of the .npy format is not known; 1 to 3 are.");
        var length = new byte[version == 1 ? 2 : 4];
        ReadExactly(path, stream, length);
        var size = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (size > LargestText)
            throw new FileFormatException(path, $"its header would have {size} bytes: the file is damaged.");
        var text = new byte[size];
        ReadExactly(path, stream, text);
        return Parse(path, Encoding.UTF8.GetString(text));
    }

    /// <summary>The bytes of a version 1 header for a C-ordered array, padded so that the data start at a multiple of 64.</summary>
    /// <exception cref="ArgumentException">The element type is not written here.</exception>
    public static byte[] ToBytes(torch.ScalarType type, long[] shape)
    {
        const int Prefix = 10;
        var descr = NpyElement.DescrOf(type)
            ?? throw new ArgumentException($"Elements of type {type} are not written to .npy files.", nameof(type));
        var sizes = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        var text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}), }}";
        var padding = (64 - (Prefix + text.Length + 1) % 64) % 64;
        var body = Encoding.ASCII.GetBytes(text + new string(' ', padding) + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)body.Length, (byte)(body.Length >> 8), .. body];
    }

    private static NpyHeader Parse(string path, string text)
    {
        var match = Dictionary().Match(text);
        if (!match.Success || match.Groups["descr"].Captures.Count != 1 || match.Groups["fortran"].Captures.Count != 1 || match.Groups["shape"].Captures.Count != 1)
            throw new FileFormatException(path, $"its header is not understood: {text.Trim()}. Arrays with fields are not read.");
        var descr = match.Groups["descr"].Value;
        var element = NpyElement.Of(descr)
            ?? throw new FileFormatException(path, $"elements of type {descr} are not read; write the array as one of {NpyElement.Names}, for instance by array.astype('<f8').");
        var shape = new List<long>();
        foreach (var part in match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            shape.Add(long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? size
                : throw new FileFormatException(path, $"its shape has a size that is no number: {part}."));
        }
        if (shape.Count > MostDimensions)
            throw new FileFormatException(path, $"it has {shape.Count} dimensions; at most {MostDimensions} are possible: the file is damaged.");
        return new(element, match.Groups["fortran"].Value is "True", [.. shape]);
    }

    private static void ReadExactly(string path, Stream stream, byte[] bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new FileFormatException(path, "the file ends inside its header: it is cut off.");
    }

    [GeneratedRegex("""^\{(?:\s*(?:'descr'\s*:\s*'(?<descr>[^']*)'|'fortran_order'\s*:\s*(?<fortran>True|False)|'shape'\s*:\s*\((?<shape>[\d,\s]*)\))\s*(?:,|(?=\}))){3}\s*\}\s*$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Dictionary();
}
