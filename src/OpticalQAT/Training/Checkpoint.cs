using System.Globalization;
using System.Text.Json;
using OpticalQAT.Formats;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>What is known of a run besides tensors: where it stands and what it has measured.</summary>
public sealed record RunProgress
{
    /// <summary>A hash of the configuration that the run follows: another one would not continue it bit for bit.</summary>
    public required string Configuration { get; init; }

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
    private const string DamagedSuffix = ".damaged";
    private const int Kept = 2;

    /// <summary>Writes the checkpoint, and removes those older than the one before it.</summary>
    /// <param name="folder">The run's checkpoint folder.</param>
    /// <param name="totalStep">Steps of the run so far; names the file.</param>
    public void Write(string folder, long totalStep)
    {
        using var optimizer = tensor(Optimizer);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [OptimizerName] = optimizer };
        foreach (var (name, value) in Current.Tensors)
            tensors.Add(CurrentPrefix + name, value);
        foreach (var (name, value) in Best?.Tensors ?? new Dictionary<string, Tensor>(StringComparer.Ordinal))
            tensors.Add(BestPrefix + name, value);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [ProgressName] = JsonSerializer.Serialize(Progress, Json.Line) };
        SealedFile.Write(Path.Combine(folder, totalStep.ToString("D9", CultureInfo.InvariantCulture) + ".safetensors"), tensors, metadata);
        foreach (var old in Files(folder).Skip(Kept))
            File.Delete(old); // only now that the new one is on the disk
    }

    /// <summary>The newest checkpoint that is whole; null when there is none. A damaged one is set aside under another name.</summary>
    /// <param name="folder">The run's checkpoint folder.</param>
    /// <param name="note">Told of each one that is passed over.</param>
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
        var progress = JsonSerializer.Deserialize<RunProgress>(stored.Metadata[ProgressName], Json.Line)
            ?? throw new FileFormatException(file, "the progress record is empty");
        var best = Under(stored, BestPrefix);
        return new Checkpoint(
            progress,
            ModelState.From(Under(stored, CurrentPrefix)),
            best.Count > 0 ? ModelState.From(best) : null,
            stored.Tensors[OptimizerName].data<byte>().ToArray());
    }

    private static Dictionary<string, Tensor> Under(SafetensorsFile file, string prefix) =>
        file.Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value.DetachFromDisposeScope(), StringComparer.Ordinal);

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, "*.safetensors").OrderDescending(StringComparer.Ordinal)
        : [];
}
