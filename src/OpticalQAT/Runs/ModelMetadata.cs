using System.Text.Json;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using TorchSharp;

namespace OpticalQAT.Runs;

/// <summary>The texts in a model's file: its format, the experiment, the names of the classes, and the seal over all that the file says.</summary>
/// <param name="Experiment">The experiment in YAML, without a path of the machine that made it.</param>
/// <param name="ClassNames">The names of the classes in the order of their labels; null where there are none, or the file does not say.</param>
/// <param name="CountsFromZero">Whether the experiment's layers are counted from 0, as in formats 1 and 2 (<see cref="LayerNumbers"/>).</param>
/// <param name="IsSealed">Whether the file has a seal, which then is whole; files of format 1 have none.</param>
internal sealed record ModelMetadata(string Experiment, string[]? ClassNames, bool CountsFromZero, bool IsSealed)
{
    private const string VersionKey = "opticalqat";
    private const string ExperimentKey = "experiment";
    private const string ClassesKey = "classes";
    private const string DigestKey = "digest";
    private const int Version = 3;
    private const int VersionWithoutSeal = 1;

    // What names no layer reads the same either way, and keeps the bytes that it had.
    private const int VersionWithoutLayerNumbers = 2;

    /// <summary>The texts, with the seal.</summary>
    /// <param name="tensors">The tensors that the seal covers besides the texts.</param>
    public IReadOnlyDictionary<string, string> Under(IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { [VersionKey] = $"{(LayerNumbers.AreIn(Experiment) ? Version : VersionWithoutLayerNumbers)}", [ExperimentKey] = Experiment };
        if (ClassNames is not null)
            texts.Add(ClassesKey, JsonSerializer.Serialize(ClassNames));
        texts.Add(DigestKey, ContentDigest.Of(tensors, texts));
        return texts;
    }

    /// <summary>The texts of a file whose seal is whole.</summary>
    /// <exception cref="FileFormatException">The file is no model, of a format that is not known, or its seal is broken.</exception>
    public static ModelMetadata Of(string file, SafetensorsFile stored)
    {
        var texts = stored.Metadata;
        if (!texts.TryGetValue(VersionKey, out var version) || !texts.TryGetValue(ExperimentKey, out var experiment))
            throw new FileFormatException(file, $"it is a safetensors file, but not a model of OpticalQAT: its metadata lack the keys '{VersionKey}' and '{ExperimentKey}'");
        if (version is not ("1" or "2" or "3"))
        {
            throw new FileFormatException(file, int.TryParse(version, out var number) && number > Version
                ? $"it is a model of format {number}, and this program reads formats {VersionWithoutSeal} to {Version}: a newer OpticalQAT wrote it, and a newer one is needed to read it"
                : $"its metadata give the format of the model as '{version}', which never was one: the file was changed, or is damaged");
        }
        // Whoever takes the version back to 1 does not get past the seal.
        var isSealed = texts.TryGetValue(DigestKey, out var digest);
        if (!isSealed && version is not "1")
            throw new FileFormatException(file, $"its metadata lack the key '{DigestKey}', the seal that every model of format {version} has: the file was changed after it was written, or is damaged; take a copy that is whole");
        if (isSealed && !string.Equals(digest, ContentDigest.Of(stored.Tensors, texts.Where(text => text.Key is not DigestKey)), StringComparison.Ordinal))
            throw new FileFormatException(file, "its seal is broken: what it says is not what was written, so the file was changed or is damaged; take a copy that is whole, or train again");
        return new ModelMetadata(experiment, texts.TryGetValue(ClassesKey, out var classes) ? Names(file, classes) : null, version is not "3", isSealed);
    }

    private static string[] Names(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json) is { } names && !names.Contains(null)
                ? names
                : throw new FileFormatException(file, $"the key '{ClassesKey}' of its metadata is no list of names");
        }
        catch (JsonException damaged)
        {
            throw new FileFormatException(file, $"the key '{ClassesKey}' of its metadata is no list of names: {damaged.Message}", damaged);
        }
    }
}
