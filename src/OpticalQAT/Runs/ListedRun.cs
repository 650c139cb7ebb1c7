using System.Text.Json;
using System.Text.Json.Serialization;
using OpticalQAT.Formats;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

/// <summary>The state of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ListedState>))]
public enum ListedState
{
    /// <summary>Its result is there.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>It was begun and has no result yet; it can be resumed, or is under way.</summary>
    [JsonStringEnumMemberName("unfinished")]
    Unfinished,

    /// <summary>One of the files that it is told by is missing or cannot be read.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}

/// <summary>A run as a list shows it.</summary>
/// <param name="Name">The experiment's name, the folder that the run lies in.</param>
/// <param name="Id">The run's own folder.</param>
/// <param name="Path">That folder's path.</param>
/// <param name="State">Its state.</param>
public sealed record ListedRun(string Name, string Id, string Path, ListedState State)
{
    private static readonly string[] Marks = ["config.yaml", "summary.json", "metrics.jsonl", "environment.json"];

    /// <summary>The name of the metric that models are chosen by; null where no measurement is there.</summary>
    public string? Metric { get; init; }

    /// <summary>Its value: on the test split where the run is finished, otherwise on the validation split in its last epoch.</summary>
    public double? Score { get; init; }

    /// <summary>The level count of each layer; null in full precision, and before the run is finished.</summary>
    public int[]? Levels { get; init; }

    /// <summary>Seconds from start to result; null before that.</summary>
    public double? Seconds { get; init; }

    /// <summary>Its fault, or its progress; null of a finished run.</summary>
    public string? Remark { get; init; }

    /// <summary>The runs below a folder, the newest first; a damaged one is listed as such, and nothing is thrown for it.</summary>
    /// <param name="folder">The folder of runs, <c>FOLDER/NAME/ID</c>; the folder of one name; or a run itself.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<ListedRun> In(string folder)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(folder);
        string[] runs = IsRun(path) ? [path] : [.. Directory.GetDirectories(path).SelectMany(child => IsRun(child) ? [child] : Children(child).Where(IsRun))];
        return [.. runs.Select(Of).OrderByDescending(run => run.Id, StringComparer.Ordinal).ThenBy(run => run.Name, StringComparer.Ordinal)];
    }

    // A folder that has lost its configuration is still a run to whoever looks for one.
    private static bool IsRun(string path) => Marks.Any(name => File.Exists(System.IO.Path.Combine(path, name)));

    private static string[] Children(string path)
    {
        try
        {
            return Directory.GetDirectories(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static ListedRun Of(string path)
    {
        var whole = System.IO.Path.GetFullPath(path);
        var (id, name) = (System.IO.Path.GetFileName(whole), System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(whole) ?? string.Empty));
        try
        {
            if (RunDirectory.Open(path) is not { } directory)
                return Damaged("config.yaml is missing");
            return directory.IsFinished ? Finished(directory) : Unfinished(directory);
        }
        catch (Exception damage) when (damage is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Damaged(damage.Message.ReplaceLineEndings(" "));
        }

        ListedRun Damaged(string remark) => new(name, id, path, ListedState.Damaged) { Remark = remark };

        ListedRun Finished(RunDirectory directory)
        {
            var summary = Read<Summary>(directory.SummaryFile, File.ReadAllText(directory.SummaryFile));
            if (!File.Exists(directory.ModelFile))
                return Damaged("model.safetensors is missing");
            var metric = summary.Validation.Keys.FirstOrDefault(summary.Test.ContainsKey);
            return new(name, id, path, ListedState.Finished)
            {
                Metric = metric,
                Score = metric is null ? null : summary.Test[metric],
                Levels = summary.Levels,
                Seconds = summary.Seconds,
            };
        }

        ListedRun Unfinished(RunDirectory directory)
        {
            var last = File.Exists(directory.MetricsFile) ? File.ReadLines(directory.MetricsFile).LastOrDefault() : null;
            if (last is null)
                return new(name, id, path, ListedState.Unfinished) { Remark = "no epoch is done" };
            var epoch = Read<EpochRecord>(directory.MetricsFile, last);
            var metric = epoch.Validation.Keys.FirstOrDefault();
            return new(name, id, path, ListedState.Unfinished)
            {
                Metric = metric,
                Score = metric is null ? null : epoch.Validation[metric],
                Remark = $"{epoch.Phase.Replace('_', ' ')}, epoch {epoch.Epoch}; validation",
            };
        }
    }

    private static T Read<T>(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json.Line) ?? throw new JsonException("it is empty");
        }
        catch (JsonException damage)
        {
            throw new JsonException($"{System.IO.Path.GetFileName(file)} cannot be read: {damage.Message}", damage);
        }
    }
}
