using System.Buffers;
using System.Text.Json;
using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>One tensor in a safetensors header; its bytes stand at [Begin, End) of the data that follows.</summary>
internal sealed record SafetensorsEntry(string Name, torch.ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>
/// The header of a safetensors file: a JSON object of tensors, and of texts under <c>__metadata__</c>.
/// Source: the format's description, github.com/huggingface/safetensors.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataName = "__metadata__";

    private static readonly Dictionary<string, (torch.ScalarType Type, int Size)> Types = new(StringComparer.Ordinal)
    {
        ["BOOL"] = (torch.ScalarType.Bool, 1),
        ["U8"] = (torch.ScalarType.Byte, 1),
        ["I8"] = (torch.ScalarType.Int8, 1),
        ["I16"] = (torch.ScalarType.Int16, 2),
        ["F16"] = (torch.ScalarType.Float16, 2),
        ["BF16"] = (torch.ScalarType.BFloat16, 2),
        ["I32"] = (torch.ScalarType.Int32, 4),
        ["F32"] = (torch.ScalarType.Float32, 4),
        ["I64"] = (torch.ScalarType.Int64, 8),
        ["F64"] = (torch.ScalarType.Float64, 8),
        ["C64"] = (torch.ScalarType.ComplexFloat32, 8),
    };

    /// <summary>Lays tensors out: larger elements first, so that each starts at a multiple of its size; then by name.</summary>
    /// <exception cref="ArgumentException">A tensor's type or name has no place in the format.</exception>
    public static SafetensorsHeader For(IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var entries = new List<SafetensorsEntry>();
        var end = 0L;
        foreach (var (name, tensor) in tensors.OrderByDescending(t => SizeOf(t.Key, t.Value)).ThenBy(t => t.Key, StringComparer.Ordinal))
        {
            var begin = end;
            end += tensor.NumberOfElements * SizeOf(name, tensor);
            entries.Add(new(name, tensor.dtype, tensor.shape, begin, end));
        }
        return new(entries, metadata);
    }

    /// <summary>The header's JSON, keys in ordinal order, padded with spaces to a multiple of 8 bytes.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
                WriteMetadata(json);
            foreach (var entry in Entries.OrderBy(e => e.Name, StringComparer.Ordinal))
                WriteEntry(json, entry);
            json.WriteEndObject();
        }
        var padding = (8 - buffer.WrittenCount % 8) % 8;
        return [.. buffer.WrittenSpan, .. Enumerable.Repeat((byte)' ', padding)];
    }

    /// <summary>Reads a header and checks it against itself and against the length of the data that follows.</summary>
    /// <exception cref="FileFormatException">It breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataLength)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FileFormatException(path, "the header is no JSON object; this is not a safetensors file.");
            var entries = new List<SafetensorsEntry>();
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (string.Equals(property.Name, MetadataName, StringComparison.Ordinal))
                    ReadMetadata(path, property.Value, metadata);
                else
                    entries.Add(ReadEntry(path, property.Name, property.Value));
            }
            CheckLayout(path, entries, dataLength);
            return new(entries, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for texts that are no Unicode
        {
            throw new FileFormatException(path, $"the header is not valid JSON ({e.Message}); this is not a safetensors file, or it is damaged.", e);
        }
    }

    /// <summary>The format's name of the type of a tensor's elements.</summary>
    public static string TypeName(torch.ScalarType type) => Types.First(known => known.Value.Type == type).Key;

    private static int SizeOf(string name, torch.Tensor tensor)
    {
        if (string.Equals(name, MetadataName, StringComparison.Ordinal))
            throw new ArgumentException($"No tensor can be named {MetadataName}: the format uses that name itself.", nameof(name));
        return Types.Values.FirstOrDefault(type => type.Type == tensor.dtype) is { Size: > 0 and var size }
            ? size
            : throw new ArgumentException($"The tensor {name} has elements of type {tensor.dtype}, which safetensors does not hold.", nameof(tensor));
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        json.WriteStartObject(MetadataName);
        foreach (var (key, value) in Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", TypeName(entry.Type));
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void ReadMetadata(string path, JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FileFormatException(path, $"{MetadataName} is no JSON object.");
        foreach (var item in element.EnumerateObject())
        {
            metadata.Add(item.Name, item.Value.ValueKind == JsonValueKind.String
                ? item.Value.GetString()!
                : throw new FileFormatException(path, $"{MetadataName}: \"{item.Name}\" is no text; the format allows texts only."));
        }
    }

    private static SafetensorsEntry ReadEntry(string path, string name, JsonElement element)
    {
        var dtype = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("dtype", out var d) && d.ValueKind == JsonValueKind.String
            ? d.GetString()!
            : throw new FileFormatException(path, $"tensor \"{name}\": the header does not state its dtype.");
        if (!Types.TryGetValue(dtype, out var type))
            throw new FileFormatException(path, $"tensor \"{name}\": dtype {dtype} is not known; known are {string.Join(", ", Types.Keys)}.");
        var shape = ReadNumbers(path, name, element, "shape");
        var offsets = ReadNumbers(path, name, element, "data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw new FileFormatException(path, $"tensor \"{name}\": data_offsets must be a begin and an end that is not before it.");
        var count = TensorBytes.Count(shape);
        if (count is null || count > long.MaxValue / type.Size || count * type.Size != offsets[1] - offsets[0])
            throw new FileFormatException(path, $"tensor \"{name}\": shape [{string.Join(", ", shape)}] of {dtype} does not fill the {offsets[1] - offsets[0]} bytes that data_offsets state.");
        return new(name, type.Type, shape, offsets[0], offsets[1]);
    }

    private static long[] ReadNumbers(string path, string name, JsonElement element, string property)
    {
        var problem = $"tensor \"{name}\": {property} must be a list of whole numbers from 0.";
        if (!element.TryGetProperty(property, out var list) || list.ValueKind != JsonValueKind.Array)
            throw new FileFormatException(path, problem);
        return
        [
            .. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0
                ? number
                : throw new FileFormatException(path, problem)),
        ];
    }

    // The tensors lie one behind the other from the first byte of the data to its last, in any order of names.
    private static void CheckLayout(string path, List<SafetensorsEntry> entries, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.End > dataLength)
                throw new FileFormatException(path, $"tensor \"{entry.Name}\" ends at byte {entry.End} of the data, which has {dataLength}: the file is cut off, or its header is wrong.");
            if (entry.Begin != end)
                throw new FileFormatException(path, $"tensor \"{entry.Name}\" begins at byte {entry.Begin} of the data where {end} was expected: tensors {(entry.Begin < end ? "overlap" : "leave a hole")}.");
            end = entry.End;
        }
        if (end != dataLength)
            throw new FileFormatException(path, $"the tensors end at byte {end} of the data, which has {dataLength}: there are bytes that belong to none.");
    }
}
