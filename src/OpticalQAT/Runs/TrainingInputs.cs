using OpticalQAT.Data;
using OpticalQAT.Runtime;

namespace OpticalQAT.Runs;

/// <summary>
/// Everything that a run reads: its examples, and the model it starts from. It is read before the run's folder is
/// made, so that a wrong path leaves nothing behind.
/// </summary>
/// <param name="Data">The examples, in the host's memory.</param>
/// <param name="Start">The model that training starts from; null where it starts from the mask's initial heights.</param>
public sealed record TrainingInputs(Dataset Data, TrainedModel? Start) : IDisposable
{
    /// <summary>The digest of the examples: worked out when it is first asked for, and for runs that share them once.</summary>
    public Lazy<DataDigest> Digest { get; init; } = new(() => DataDigest.Of(Data));

    /// <summary>The examples as fields, where several runs share them; remain the caller's. Null makes them anew for the run.</summary>
    public DatasetFields? Shared { get; init; }

    /// <summary>
    /// Results of earlier runs that start from the same model and train nothing in phase one: the offsets of its
    /// rounding, by the quantizer without its gradient. A run adds to it. Null where nothing is shared.
    /// </summary>
    public IDictionary<string, IReadOnlyList<double>>? Offsets { get; init; }

    /// <summary>Reads what an experiment names, and checks that it fits the experiment and this machine.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DataException">A file of the dataset is missing or damaged, there is no model to start from, or one of them does not fit the experiment.</exception>
    /// <exception cref="Formats.FileFormatException">That model is damaged.</exception>
    /// <exception cref="NativeRuntimeException">The device cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static TrainingInputs Read(Experiment experiment, Action<string>? note = null, CancellationToken cancellation = default)
    {
        _ = ComputeDevice.Resolve(experiment.Device);
        var data = experiment.Task.Dataset.Load(new DataRequest(Splits.All, cancellation));
        using var task = experiment.Task.Build(experiment.Optics);
        task.CheckFits(data);
        return new TrainingInputs(data, ReadStart(experiment, note));
    }

    /// <summary>Reads the model that training starts from, and checks that it fits; null where there is none.</summary>
    /// <exception cref="DataException">There is no such model, or it does not fit the experiment.</exception>
    /// <exception cref="Formats.FileFormatException">It is damaged.</exception>
    internal static TrainedModel? ReadStart(Experiment experiment, Action<string>? note = null)
    {
        if (experiment.Training.StartFrom is not { } path)
            return null;
        try
        {
            var start = TrainedModel.Load(RunDirectory.Resolve(path), ["device=cpu"], note);
            using var trial = start.InFullPrecision(experiment);
            return start;
        }
        catch (Exception unfit) when (unfit is ArgumentException or FileNotFoundException)
        {
            throw new DataException($"training.start_from: {unfit.Message}", unfit);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Start?.Dispose();
        Data.Dispose();
    }
}
