using System.Text.Json;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary><c>environment.json</c>: where, with what and on what a run was computed.</summary>
/// <param name="Started">The start of this process of the run.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="WorkingFolder">The folder that relative paths of the configuration start from.</param>
/// <param name="Device">The device in use.</param>
/// <param name="Threads">The threads in use.</param>
/// <param name="Runtime">Versions, libraries, processor.</param>
/// <param name="Data">The digest of the examples, split by split; null in a run of an earlier version.</param>
public sealed record RunEnvironment(DateTimeOffset Started, string Machine, string WorkingFolder, string Device, int Threads, RuntimeReport Runtime, DataDigest? Data = null)
{
    /// <summary>The environment of this process.</summary>
    public static RunEnvironment Of(Device device, int threads, DataDigest data) =>
        new(DateTimeOffset.Now, Environment.MachineName, Environment.CurrentDirectory, device.ToString(), threads, RuntimeReport.Gather(), data);

    /// <summary>That of a run; null where there is none, or it cannot be read: whoever asks does without.</summary>
    public static RunEnvironment? Read(RunDirectory run)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEnvironment>(File.ReadAllText(run.EnvironmentFile), Json.Document) is { Runtime: not null } environment
                ? environment with { Data = environment.Data is { Train: not null, Validation: not null, Test: not null, ClassNames: not null } data ? data : null }
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
