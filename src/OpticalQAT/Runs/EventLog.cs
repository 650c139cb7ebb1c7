using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using OpticalQAT.Models;
using OpticalQAT.Training;
using Tensorboard;

namespace OpticalQAT.Runs;

/// <summary>A run as TensorBoard shows it: the epochs' numbers, the histograms of the heights, the figures.</summary>
public sealed class EventLog
{
    private const string Mark = "tfevents"; // TensorBoard reads every file whose name contains it
    private const string EventFiles = $"events.out.{Mark}.*";
    private const string HeightTag = "heights_um";

    private readonly string _file;
    private long _lastHeights = -1;

    /// <summary>
    /// Begins the events anew with the epochs that are known. What an earlier process wrote may hold epochs that came
    /// after the checkpoint, which will be trained again, and a record that was cut off; of it only the histograms up to
    /// the checkpoint are kept, since nothing else knows them. A file that is damaged is set aside under another name.
    /// </summary>
    /// <param name="folder">The folder of the event files.</param>
    /// <param name="epochs">The epochs so far.</param>
    /// <param name="note">Told of each file that is set aside.</param>
    public EventLog(string folder, IReadOnlyList<EpochRecord> epochs, Action<string>? note = null)
    {
        Directory.CreateDirectory(folder);
        var last = epochs.Count > 0 ? epochs[^1].Step : -1;
        var old = Directory.GetFiles(folder, EventFiles);
        Event[] kept = [.. old.SelectMany(file => Read(file, note)).Where(e => e.Step <= last && IsOfHeights(e))];
        foreach (var file in old)
            File.Delete(file);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString("D10", CultureInfo.InvariantCulture);
        _file = Path.Combine(folder, $"events.out.{Mark}.{now}.opticalqat");
        EventFile.Append(_file, new Event { WallTime = Now, FileVersion = "brain.Event:2" });
        foreach (var happened in kept)
        {
            EventFile.Append(_file, happened);
            _lastHeights = Math.Max(_lastHeights, happened.Step);
        }
        foreach (var epoch in epochs)
            Write(epoch);
    }

    private static double Now => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Writes an epoch's numbers.</summary>
    public void Write(EpochRecord record)
    {
        var summary = new Tensorboard.Summary();
        Add("loss/train", record.Loss);
        Add("learning_rate", record.LearningRate);
        Add("images_per_second", record.ImagesPerSecond);
        foreach (var (name, value) in record.Validation)
            Add($"validation/{name}", value);
        foreach (var (name, value) in record.SoftValidation ?? new Dictionary<string, double>(StringComparer.Ordinal))
            Add($"validation_soft/{name}", value);
        Write(record.Step, summary);

        void Add(string tag, double? value)
        {
            if (value is { } number)
                summary.Value.Add(new Tensorboard.Summary.Types.Value { Tag = tag, SimpleValue = (float)number });
        }
    }

    /// <summary>Writes how the heights of each mask are spread, in micrometres: a bucket for each level, or 64 of equal width in full precision.</summary>
    /// <param name="step">Steps of the whole run so far; a second call at the same step writes nothing.</param>
    /// <param name="masks">The masks.</param>
    public void WriteHeights(long step, MaskStack masks)
    {
        if (step <= _lastHeights)
            return;
        _lastHeights = step;
        var summary = new Tensorboard.Summary();
        var (heights, tables) = (masks.HeightsOfLayers(), masks.Tables);
        for (var layer = 0; layer < masks.Count; layer++)
            summary.Value.Add(new Tensorboard.Summary.Types.Value { Tag = $"{HeightTag}/layer_{layer + 1}", Histo = HeightHistogram.Of(heights[layer], tables?[layer]) });
        Write(step, summary);
    }

    /// <summary>Writes a figure.</summary>
    /// <param name="step">Steps of the whole run so far.</param>
    /// <param name="name">Its name.</param>
    /// <param name="png">The PNG file's bytes.</param>
    public void WriteFigure(long step, string name, byte[] png)
    {
        // The size stands behind the signature, in the header chunk.
        var image = new Tensorboard.Summary.Types.Image
        {
            Width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)),
            Height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)),
            Colorspace = 3,
            EncodedImageString = ByteString.CopyFrom(png),
        };
        var summary = new Tensorboard.Summary();
        summary.Value.Add(new Tensorboard.Summary.Types.Value { Tag = $"figures/{name}", Image = image });
        Write(step, summary);
    }

    private void Write(long step, Tensorboard.Summary summary) =>
        EventFile.Append(_file, new Event { WallTime = Now, Step = step, Summary = summary });

    /// <summary>The readable events of an earlier process's file, which is set aside where that is not all.</summary>
    private static IReadOnlyList<Event> Read(string file, Action<string>? note)
    {
        IReadOnlyList<Event> events = [];
        string? damage;
        try
        {
            events = EventFile.Read(file, out damage);
            damage = damage is null ? null : $"is damaged behind its first {events.Count} records: {damage}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            damage = $"cannot be read: {unreadable.Message.TrimEnd('.')}";
        }
        if (damage is not null)
        {
            var aside = Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(file).Replace(Mark, "damaged", StringComparison.Ordinal));
            File.Move(file, aside, overwrite: true);
            note?.Invoke($"The file for TensorBoard {file} {damage}. It is kept as {Path.GetFileName(aside)}, and the events go on in a new one.");
        }
        return events;
    }

    private static bool IsOfHeights(Event happened) =>
        happened.Summary?.Value.Any(value => value.Tag.StartsWith(HeightTag + "/", StringComparison.Ordinal)) == true;
}
