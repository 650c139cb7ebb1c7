using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpticalQAT.Formats;

namespace OpticalQAT.Training;

/// <summary>
/// The folder of a run, <c>FOLDER/NAME/ID</c>. Every file is written beside and renamed, so that a reader never sees
/// half of one. A run is finished when its <c>summary.json</c> is there.
/// </summary>
public sealed class RunDirectory
{
    private RunDirectory(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The run's id, the folder's name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    public string ConfigurationFile => File("config.yaml");
    public string EnvironmentFile => File("environment.json");
    public string MetricsFile => File("metrics.jsonl");
    public string SummaryFile => File("summary.json");
    public string ModelFile => File("model.safetensors");
    public string ReportFile => File("report.html");
    public string CheckpointFolder => File("checkpoints");
    public string FigureFolder => File("figures");
    public string TensorBoardFolder => File("tensorboard");

    /// <summary>Whether the run has come to its end.</summary>
    public bool IsFinished => System.IO.File.Exists(SummaryFile);

    /// <summary>Makes the folder of a new run.</summary>
    /// <param name="folder">Where runs are kept.</param>
    /// <param name="name">The experiment's name.</param>
    /// <param name="start">When the run starts, in local time.</param>
    /// <param name="resolvedConfiguration">The configuration with every default written out.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static RunDirectory Create(string folder, string name, DateTime start, string resolvedConfiguration)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(resolvedConfiguration)))[..4];
        // Two runs of one configuration in one second: the later one moves on by a second.
        while (true)
        {
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, name, $"{start:yyyyMMdd-HHmmss}-{hash}"));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            if (TryClaim(path))
            {
                var run = new RunDirectory(path);
                Directory.CreateDirectory(run.CheckpointFolder);
                AtomicFile.Write(run.ConfigurationFile, resolvedConfiguration);
                return run;
            }
            start = start.AddSeconds(1);
        }
    }

    /// <summary>The run in a folder; null when the folder holds none.</summary>
    public static RunDirectory? Open(string path)
    {
        var run = new RunDirectory(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
        return System.IO.File.Exists(run.ConfigurationFile) ? run : null;
    }

    /// <summary>All runs of a name, the newest first.</summary>
    public static IReadOnlyList<RunDirectory> OfName(string folder, string name)
    {
        var parent = System.IO.Path.Combine(folder, name);
        if (!Directory.Exists(parent))
            return [];
        return [.. Directory.GetDirectories(parent).OrderDescending(StringComparer.Ordinal).Select(Open).OfType<RunDirectory>()];
    }

    /// <summary>Writes a record as an indented JSON file.</summary>
    public static void WriteJson<T>(string file, T content) =>
        AtomicFile.Write(file, JsonSerializer.Serialize(content, Json.Document) + "\n");

    /// <summary>Writes the metrics of all epochs so far, a line for each.</summary>
    public void WriteMetrics(IEnumerable<EpochRecord> epochs) =>
        AtomicFile.Write(MetricsFile, string.Concat(epochs.Select(e => JsonSerializer.Serialize(e, Json.Line) + "\n")));

    private string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes a folder that must not exist yet: of two processes one succeeds.</summary>
    private static bool TryClaim(string path)
    {
        if (Directory.Exists(path))
            return false;
        var claimed = $"{path}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(claimed);
        try
        {
            Directory.Move(claimed, path);
            return true;
        }
        catch (IOException)
        {
            Directory.Delete(claimed);
            if (Directory.Exists(path))
                return false;
            throw;
        }
    }
}
