using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

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
    public string LockFile => File(".lock");

    /// <summary>Whether the run has come to its end.</summary>
    public bool IsFinished => System.IO.File.Exists(SummaryFile);

    /// <summary>Makes the folder of a new run that starts now, below the experiment's output folder.</summary>
    /// <param name="experiment">The experiment that is run.</param>
    /// <exception cref="RunDirectoryException">The folder cannot be made.</exception>
    public static RunDirectory Create(Experiment experiment) =>
        Create(experiment.Output.Folder, experiment.Name, DateTime.Now, ConfigurationWriter.Write(experiment, portable: false));

    /// <summary>Makes the folder of a new run.</summary>
    /// <param name="folder">The folder of all runs.</param>
    /// <param name="name">The experiment's name.</param>
    /// <param name="start">The start of the run, in local time.</param>
    /// <param name="resolvedConfiguration">The configuration with every default written out.</param>
    /// <exception cref="RunDirectoryException">The folder cannot be made.</exception>
    public static RunDirectory Create(string folder, string name, DateTime start, string resolvedConfiguration)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(resolvedConfiguration)))[..4];
        var parent = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, name));
        try
        {
            Directory.CreateDirectory(parent);
            // Two runs of one configuration in one second: the later one moves on by a second.
            while (true)
            {
                var run = new RunDirectory(System.IO.Path.Combine(parent, $"{start:yyyyMMdd-HHmmss}-{hash}"));
                if (run.TryClaim(resolvedConfiguration))
                    return run;
                start = start.AddSeconds(1);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RunDirectoryException($"{parent}: no folder for the run can be made there ({failed.Message}); name another place with output.folder=FOLDER.", failed);
        }
    }

    /// <summary>The run in a folder, which is made where there is none; whoever names folders by what is in them always finds his own again.</summary>
    /// <param name="path">The run's own folder.</param>
    /// <param name="resolvedConfiguration">The configuration with every default written out.</param>
    /// <exception cref="RunDirectoryException">The folder cannot be made.</exception>
    public static RunDirectory OpenOrCreate(string path, string resolvedConfiguration)
    {
        var run = new RunDirectory(System.IO.Path.GetFullPath(path));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(run.Path)!);
            return Open(path) ?? (run.TryClaim(resolvedConfiguration)
                ? run
                : throw new RunDirectoryException($"{run.Path}: this folder is in the way of a run that is to be kept there, and holds none; move it."));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RunDirectoryException($"{run.Path}: no folder for the run can be made there ({failed.Message}).", failed);
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
        return Directory.Exists(parent) ? InFolder(parent) : [];
    }

    /// <summary>The runs that lie in a folder, the newest first: their names begin with the time.</summary>
    public static IReadOnlyList<RunDirectory> InFolder(string folder) =>
        [.. Directory.GetDirectories(folder).OrderDescending(StringComparer.Ordinal).Select(Open).OfType<RunDirectory>()];

    /// <summary>
    /// The run that a path means: a folder of runs, <c>FOLDER/NAME</c>, means the newest of them, finished or not; every other path
    /// means what it names.
    /// </summary>
    public static string Resolve(string path) => Directory.Exists(path) && Open(path) is null && InFolder(path) is [var newest, ..]
        ? System.IO.Path.Combine(path, newest.Id)
        : path;

    /// <summary>Writes a record as an indented JSON file.</summary>
    public static void WriteJson<T>(string file, T content) =>
        AtomicFile.Write(file, JsonSerializer.Serialize(content, Json.Document) + "\n");

    /// <summary>Writes the metrics of all epochs so far, a line for each.</summary>
    public void WriteMetrics(IEnumerable<EpochRecord> epochs) =>
        AtomicFile.Write(MetricsFile, string.Concat(epochs.Select(e => JsonSerializer.Serialize(e, Json.Line) + "\n")));

    private string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Makes the folder, which must not exist yet, complete with its configuration: it is filled under another name and
    /// renamed, so that of two processes one succeeds and nobody meets a run without a configuration.
    /// </summary>
    private bool TryClaim(string resolvedConfiguration)
    {
        if (Directory.Exists(Path))
            return false;
        var claimed = new RunDirectory($"{Path}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(claimed.CheckpointFolder);
            AtomicFile.Write(claimed.ConfigurationFile, resolvedConfiguration);
            Directory.Move(claimed.Path, Path);
            return true;
        }
        catch (IOException)
        {
            if (Directory.Exists(claimed.Path))
                Directory.Delete(claimed.Path, recursive: true);
            if (Directory.Exists(Path))
                return false;
            throw;
        }
    }
}
