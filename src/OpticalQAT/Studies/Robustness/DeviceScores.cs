using System.Text;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Runs;

namespace OpticalQAT.Studies.Robustness;

/// <summary>
/// Measurements of fabricated devices, a line of JSON for each, written as soon as it is known: a study that is
/// interrupted measures none of them again. What identifies a measurement stands in its line, so that another plan, model
/// or dataset never takes it for its own.
/// </summary>
public sealed class DeviceScores : IDisposable
{
    private readonly Dictionary<DeviceKey, IReadOnlyDictionary<string, double>> _known = [];
    private readonly string _path;
    private FileStream? _file;

    /// <summary>
    /// The measurements in a file, to which no other process can add meanwhile. Where it is not there yet, it and its
    /// folder are made for the first measurement: who stops before leaves nothing behind.
    /// </summary>
    /// <exception cref="RunDirectoryException">Another process works on the file, or it cannot be written to.</exception>
    public DeviceScores(string path)
    {
        _path = path;
        if (!File.Exists(path))
            return;
        _file = Open();
        Read(_file);
    }

    /// <summary>The number of measurements that were found when the file was opened.</summary>
    public int Found { get; private set; }

    /// <summary>The number of measurements that are kept by now.</summary>
    public int Count => _known.Count;

    /// <summary>The metrics of a device: those that are known, or else those that are measured now and kept.</summary>
    public IReadOnlyDictionary<string, double> Of(DeviceKey key, Func<IReadOnlyDictionary<string, double>> measure)
    {
        if (_known.TryGetValue(key, out var metrics))
            return metrics;
        metrics = measure();
        if (_file is null)
        {
            _file = Open();
            _file.Seek(0, SeekOrigin.End); // empty, unless another process was quicker
        }
        _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Line(key, metrics), Json.Line) + "\n"));
        _file.Flush();
        _known.Add(key, metrics);
        return metrics;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private FileStream Open()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RunDirectoryException($"{_path}: cannot be written to ({failed.Message}); is another process at work there? Another folder can be named with --out.", failed);
        }
    }

    /// <summary>Reads up to the first line that is not whole, as a process leaves one that is killed, and goes on writing there.</summary>
    private void Read(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = 0;
        while (Array.IndexOf(bytes, (byte)'\n', whole) is >= 0 and var end && Parse(bytes.AsSpan(whole, end - whole)) is { } line)
        {
            _known[line.Key] = line.Metrics;
            whole = end + 1;
        }
        Found = _known.Count;
        file.SetLength(whole);
        file.Position = whole;
    }

    private static Line? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(json, Json.Line) is { Key: not null, Metrics: not null } line ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Line(DeviceKey Key, IReadOnlyDictionary<string, double> Metrics);
}

/// <summary>The identity of a measurement.</summary>
/// <param name="Design">A hash of the model, its examples, and the plan's seed.</param>
/// <param name="Errors">The errors as the plan has them.</param>
/// <param name="Strength">The factor of the errors.</param>
/// <param name="Device">The device's number.</param>
public sealed record DeviceKey(string Design, string Errors, double Strength, int Device);
