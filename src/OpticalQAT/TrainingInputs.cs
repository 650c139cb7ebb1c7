using OpticalQAT.Data;
using OpticalQAT.Runtime;

namespace OpticalQAT;

/// <summary>
/// Everything that a run reads: its examples, and the model it starts from. It is read before the run's folder is
/// made, so that a wrong path leaves nothing behind.
/// </summary>
/// <param name="Data">The examples, in the host's memory.</param>
/// <param name="Start">The model that training starts from; null where it starts from the mask's initial heights.</param>
public sealed record TrainingInputs(Dataset Data, TrainedModel? Start) : IDisposable
{
    /// <summary>Reads what an experiment names, and checks that it fits the experiment and this machine.</summary>
    /// <exception cref="DataException">A file of the dataset is missing or damaged, or data or model do not fit the experiment.</exception>
    /// <exception cref="FileNotFoundException">There is no model where training is to start from.</exception>
    /// <exception cref="Formats.FileFormatException">That model is damaged.</exception>
    /// <exception cref="NativeRuntimeException">The device cannot be had.</exception>
    public static TrainingInputs Read(Experiment experiment)
    {
        _ = ComputeDevice.Resolve(experiment.Device);
        var data = experiment.Task.Dataset.Load();
        using var task = experiment.Task.Build(experiment.Optics);
        task.CheckFits(data);
        if (experiment.Training.StartFrom is not { } path)
            return new TrainingInputs(data, null);
        var start = TrainedModel.Load(path, ["device=cpu"]);
        try
        {
            using var trial = start.InFullPrecision(experiment);
        }
        catch (ArgumentException unfit)
        {
            start.Dispose();
            throw new DataException($"training.start_from {path}: {unfit.Message}", unfit);
        }
        return new TrainingInputs(data, start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Start?.Dispose();
        foreach (var split in new[] { Data.Train, Data.Validation, Data.Test })
        {
            split.Images.Dispose();
            split.Labels.Dispose();
        }
    }
}
