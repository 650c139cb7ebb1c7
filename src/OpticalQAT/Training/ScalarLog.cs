using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>The epochs' numbers as TensorBoard events.</summary>
public sealed class ScalarLog(string folder)
{
    private readonly TorchSharp.Modules.SummaryWriter _writer = utils.tensorboard.SummaryWriter(folder, createRunName: false);

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
