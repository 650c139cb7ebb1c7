using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using TorchSharp;

namespace OpticalQAT.Data;

/// <summary>
/// The identity of a dataset's examples, wherever they lie and however they are packed: a digest of each split as training
/// meets it, so that a run can say whether it continues with the examples that it was begun with.
/// </summary>
/// <param name="Train">Of what is learnt from.</param>
/// <param name="Validation">Of what the best model is chosen by.</param>
/// <param name="Test">Of what is reported.</param>
/// <param name="ClassNames">The names of the classes in the order of their labels.</param>
public sealed record DataDigest(SplitDigest Train, SplitDigest Validation, SplitDigest Test, string[] ClassNames)
{
    /// <summary>One text for all of it: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    [JsonIgnore]
    public string Text => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', [Line("train", Train), Line("validation", Validation), Line("test", Test), .. ClassNames.Select(name => $"class {name.Length} {name}")]))));

    /// <summary>The digest of a dataset whose three splits were read.</summary>
    public static DataDigest Of(Dataset data) => new(SplitDigest.Of(data.Train), SplitDigest.Of(data.Validation), SplitDigest.Of(data.Test), data.ClassNames);

    /// <summary>In what other examples differ from these, in words; null where they are the same.</summary>
    public string? DifferenceTo(DataDigest other)
    {
        string[] parts =
        [
            .. new[] { ("training", Train, other.Train), ("validation", Validation, other.Validation), ("test", Test, other.Test) }
                .Select(split => Difference(split.Item1, split.Item2, split.Item3)).OfType<string>(),
            .. ClassNames.SequenceEqual(other.ClassNames, StringComparer.Ordinal) ? (string[])[] : [$"the classes were {Listed(ClassNames)} and are {Listed(other.ClassNames)}"],
        ];
        return parts.Length == 0 ? null : string.Join("; ", parts);
    }

    private static string? Difference(string name, SplitDigest one, SplitDigest other) =>
        one == other ? null
        : one.Count != other.Count ? $"the {name} split had {one.Count} examples and has {other.Count}"
        : $"the {name} split has {other.Count} examples as before, but they are others, or in another order";

    private static string Listed(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);

    private static string Line(string name, SplitDigest split) => $"{name} {split.Count} {split.Sha256}";
}

/// <summary>The identity of a split's examples.</summary>
/// <param name="Count">The number of examples.</param>
/// <param name="Sha256">64 hexadecimal digits: of type, shape and bytes of the images, of the labels and of the amplitudes, in their order.</param>
public sealed record SplitDigest(long Count, string Sha256)
{
    private const long Piece = 1 << 24; // bytes: a split may have more than one array holds

    /// <summary>The digest of a split in the host's memory.</summary>
    public static SplitDigest Of(Examples split)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in new[] { ("images", split.Images), ("labels", split.Labels), ("amplitudes", split.Amplitudes) })
        {
            if (tensor is not null)
                Append(hash, name, tensor);
        }
        return new SplitDigest(split.Count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Append(IncrementalHash hash, string name, torch.Tensor tensor)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{name} {tensor.dtype} {string.Join('x', tensor.shape)}\n"));
        var count = tensor.shape[0];
        var step = Math.Max(1, Piece / Math.Max(1, tensor.NumberOfElements / Math.Max(1, count) * tensor.ElementSize));
        for (var start = 0L; start < count; start += step)
        {
            using var scope = torch.NewDisposeScope();
            hash.AppendData(tensor.slice(0, start, Math.Min(count, start + step), 1).contiguous().bytes);
        }
    }
}
