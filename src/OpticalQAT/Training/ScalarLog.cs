using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>The epochs' numbers as TensorBoard events.</summary>
public sealed class ScalarLog
{
    private const string EventFiles = "events.out.tfevents.*";

    private readonly TorchSharp.Modules.SummaryWriter _writer;

    /// <summary>
    /// Begins the events anew with the epochs that are known. What an earlier sitting wrote is deleted: it may hold epochs
    /// that came after the checkpoint, which will be trained again, and a record cut off in the middle.
    /// </summary>
    /// <param name="folder">Where the event files lie.</param>
    /// <param name="epochs">The epochs so far.</param>
    public ScalarLog(string folder, IEnumerable<EpochRecord> epochs)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetFiles(folder, EventFiles))
            File.Delete(old);
        _writer = utils.tensorboard.SummaryWriter(folder, createRunName: false);
        foreach (var epoch in epochs)
            Write(epoch);
    }

    /// <summary>Writes an epoch.</summary>
    public void Write(EpochRecord record)
    {
        var step = (int)record.Step;
        Add("loss/train", record.Loss);
        Add("learning_rate", record.LearningRate);
        Add("images_per_second", record.ImagesPerSecond);
        foreach (var (name, value) in record.Validation)
            Add($"validation/{name}", value);
        foreach (var (name, value) in record.SoftValidation ?? new Dictionary<string, double>(StringComparer.Ordinal))
            Add($"validation_soft/{name}", value);

        void Add(string name, double? value)
        {
            if (value is { } number)
                _writer.add_scalar(name, (float)number, step);
        }
    }
}
