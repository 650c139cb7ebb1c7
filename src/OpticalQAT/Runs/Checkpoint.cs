using System.Globalization;
using System.Text.Json;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>The state of a run besides tensors: its position and its measurements.</summary>
public sealed record RunProgress
{
    /// <summary>A hash of the configuration that the run follows: another one would not continue it bit for bit.</summary>
    public required string Configuration { get; init; }

    /// <summary>The examples that the run meets: others would not continue it.</summary>
    public required DataDigest Data { get; init; }

    /// <summary>The phase that is under way: <c>full_precision</c> or <c>quantized</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Complete epochs of the phase.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps done of the epoch that is not complete.</summary>
    public required int Step { get; init; }

    /// <summary>The sum of that epoch's losses.</summary>
    public required double LossSum { get; init; }

    /// <summary>Seconds of training in that epoch.</summary>
    public required double EpochSeconds { get; init; }

    /// <summary>Seconds of the run so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>The best model's hard validation metrics.</summary>
    public required Dictionary<string, double>? BestValidation { get; init; }

    /// <summary>Every epoch measured so far.</summary>
    public required EpochRecord[] Epochs { get; init; }

    /// <summary>The test metrics of the full-precision phase's best model, once it has ended.</summary>
    public Dictionary<string, double>? FullPrecision { get; init; }

    /// <summary>The test metrics of that model rounded to the levels.</summary>
    public Dictionary<string, double>? PostTraining { get; init; }
}

/// <summary>
/// The complete state of a run at a step boundary: parameters, the best model, the optimizer, and where in the data
/// training stands. A safetensors file under a checksum; what is random needs no state, since it follows from seed,
/// phase and epoch.
/// </summary>
public sealed record Checkpoint(RunProgress Progress, ModelState Current, ModelState? Best, byte[] Optimizer)
{
    private const string CurrentPrefix = "current/";
    private const string BestPrefix = "best/";
    private const string OptimizerName = "optimizer";
    private const string ProgressName = "progress";
    private const string VersionName = "format";
    private const string DamagedSuffix = ".damaged";
    private const int Kept = 2;

    // 1, which did not say so, knew nothing of the examples.
    private const int Version = 3;

    /// <summary>Writes the checkpoint, and removes those older than the one before it.</summary>
    /// <param name="folder">The run's checkpoint folder.</param>
    /// <param name="totalStep">Steps of the run so far; names the file.</param>
    public void Write(string folder, long totalStep)
    {
        // Copies drop empty folders, and a run may be copied before its first checkpoint. Where the run itself is gone, none is made.
        if (Directory.Exists(Path.GetDirectoryName(folder)))
            Directory.CreateDirectory(folder);
        using var optimizer = tensor(Optimizer);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [OptimizerName] = optimizer };
        foreach (var (name, value) in Current.Tensors)
            tensors.Add(CurrentPrefix + name, value);
        foreach (var (name, value) in Best?.Tensors ?? new Dictionary<string, Tensor>(StringComparer.Ordinal))
            tensors.Add(BestPrefix + name, value);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [VersionName] = $"{Version}", [ProgressName] = JsonSerializer.Serialize(Progress, Json.Line) };
        SealedFile.Write(Path.Combine(folder, totalStep.ToString("D9", CultureInfo.InvariantCulture) + ".safetensors"), tensors, metadata);
        foreach (var old in Files(folder).Skip(Kept))
            File.Delete(old); // only now that the new one is on the disk
    }

    /// <summary>The newest checkpoint that is whole; null when there is none. A damaged one is set aside under another name.</summary>
    /// <param name="folder">The run's checkpoint folder.</param>
    /// <param name="note">Told of each one that is passed over.</param>
    /// <exception cref="RunDirectoryException">An older or a newer version of the program wrote it; it is left as it is.</exception>
    public static Checkpoint? ReadNewest(string folder, Action<string> note)
    {
        var files = Files(folder).ToArray();
        foreach (var file in files)
        {
            try
            {
                return Read(file);
            }
            catch (Exception damaged) when (damaged is FileFormatException or JsonException or KeyNotFoundException)
            {
                // Were it left, it would count as one of those that are kept, in place of one that can be used.
                File.Move(file, file + DamagedSuffix, overwrite: true);
                note($"The checkpoint {file} is damaged and not used ({damaged.Message}); it is kept as {Path.GetFileName(file)}{DamagedSuffix}.");
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                note($"The checkpoint {file} cannot be read and is not used ({unreadable.Message}).");
            }
        }
        if (files.Length > 0)
            note("No checkpoint can be used: the run starts from its beginning.");
        return null;
    }

    private static Checkpoint Read(string file)
    {
        using var scope = NewDisposeScope();
        var stored = SealedFile.Read(file);
        CheckVersion(file, stored.Metadata);
        var progress = JsonSerializer.Deserialize<RunProgress>(stored.Metadata[ProgressName], Json.Line)
            ?? throw new FileFormatException(file, "the progress record is empty");
        var best = Under(stored, BestPrefix);
        return new Checkpoint(
            progress,
            ModelState.From(Under(stored, CurrentPrefix)),
            best.Count > 0 ? ModelState.From(best) : null,
            stored.Tensors[OptimizerName].data<byte>().ToArray());
    }

    // Whole, but of another time: only the version that wrote it goes on to the same bits.
    private static void CheckVersion(string file, IReadOnlyDictionary<string, string> metadata)
    {
        var text = metadata.GetValueOrDefault(VersionName, "1");
        if (!int.TryParse(text, out var version))
            throw new FileFormatException(file, $"its format '{text}' is no number");
        if (version != Version)
        {
            throw new RunDirectoryException(
                $"{file}: {(version < Version ? "an older" : "a newer")} version of OpticalQAT wrote this checkpoint (format {version}, this one reads {Version}). It is whole, and left as it is. "
                + "Go on with the run in the version that began it, or start a new run of its config.yaml.");
        }
    }

    private static Dictionary<string, Tensor> Under(SafetensorsFile file, string prefix) =>
        file.Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value.DetachFromDisposeScope(), StringComparer.Ordinal);

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, "*.safetensors").OrderDescending(StringComparer.Ordinal)
        : [];
}
