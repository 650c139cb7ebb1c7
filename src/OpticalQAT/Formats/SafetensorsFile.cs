using System.Buffers.Binary;
using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>A safetensors file: tensors by name, and texts. Any framework reads it, and no code can hide in it.</summary>
/// <param name="Tensors">The tensors, on the CPU.</param>
/// <param name="Metadata">The texts; empty where there are none.</param>
public sealed record SafetensorsFile(IReadOnlyDictionary<string, torch.Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const long LargestHeader = 100_000_000; // bytes; the format's own limit

    /// <summary>Writes tensors and texts; the same content gives the same bytes.</summary>
    /// <exception cref="ArgumentException">A tensor's type or name has no place in the format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata ?? new Dictionary<string, string>(StringComparer.Ordinal), withoutLast: false));
    }

    /// <summary>Writes the bytes of a file, or all but those of its last tensor.</summary>
    internal static void Write(
        Stream stream, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string> metadata, bool withoutLast)
    {
        var header = SafetensorsHeader.For(tensors, metadata);
        var json = header.ToBytes();
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        stream.Write(json);
        foreach (var entry in withoutLast ? header.Entries.SkipLast(1) : header.Entries)
            stream.Write(TensorBytes.Read(tensors[entry.Name]));
    }

    /// <summary>Reads a whole file; the tensors belong to the caller's dispose scope, or to the caller.</summary>
    /// <exception cref="FileFormatException">The file breaks a rule of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(path, stream);
    }

    /// <summary>Reads a file that is open, at its beginning.</summary>
    internal static SafetensorsFile Read(string path, FileStream stream)
    {
        var header = ReadHeader(path, stream);
        var data = stream.Position;
        var tensors = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal);
        using var scope = torch.NewDisposeScope(); // a file that fails half-way leaves no tensor behind
        foreach (var entry in header.Entries)
        {
            if (entry.End - entry.Begin > Array.MaxLength)
                throw new FileFormatException(path, $"tensor \"{entry.Name}\" has {entry.End - entry.Begin} bytes; at most {Array.MaxLength} can be read.");
            var bytes = new byte[entry.End - entry.Begin];
            stream.Position = data + entry.Begin;
            stream.ReadExactly(bytes);
            tensors.Add(entry.Name, TensorBytes.Create(bytes, entry.Type, entry.Shape));
        }
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return new(tensors, header.Metadata);
    }

    /// <summary>Reads the texts alone: what a model is, without its tensors.</summary>
    /// <exception cref="FileFormatException">The file breaks a rule of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var stream = File.OpenRead(path);
        return ReadHeader(path, stream).Metadata;
    }

    /// <summary>Reads the header alone: what tensors there are, of what shape.</summary>
    /// <exception cref="FileFormatException">The file breaks a rule of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static SafetensorsHeader ReadHeader(string path)
    {
        using var stream = File.OpenRead(path);
        return ReadHeader(path, stream);
    }

    private static SafetensorsHeader ReadHeader(string path, FileStream stream)
    {
        if (stream.Length < 8)
            throw new FileFormatException(path, $"the file has {stream.Length} bytes, too few for a safetensors file: it is cut off, or something else.");
        var bytes = new byte[8];
        stream.ReadExactly(bytes);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > LargestHeader)
            throw new FileFormatException(path, $"its header would have {length} bytes, the format allows {LargestHeader}: this is not a safetensors file.");
        if ((long)length > stream.Length - 8)
            throw new FileFormatException(path, $"its header has {length} bytes, but only {stream.Length - 8} follow: the file is cut off, or no safetensors file.");
        var json = new byte[length];
        stream.ReadExactly(json);
        if (json is not [(byte)'{', ..])
            throw new FileFormatException(path, "the header does not begin with '{': this is not a safetensors file.");
        return SafetensorsHeader.Parse(path, json, stream.Length - stream.Position);
    }
}
