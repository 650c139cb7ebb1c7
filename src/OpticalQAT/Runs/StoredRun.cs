using System.Text.Json;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;

namespace OpticalQAT.Runs;

/// <summary>A run as its directory tells it, finished or not, from which its report is made anew.</summary>
public sealed class StoredRun : IDisposable
{
    private StoredRun(RunDirectory directory, TrainedModel model, RunRecord record) =>
        (Directory, Model, Record) = (directory, model, record);

    /// <summary>The run's folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>The result; of an unfinished run the best model of the phase that its last checkpoint stands in.</summary>
    public TrainedModel Model { get; }

    /// <summary>Epochs, baselines, result.</summary>
    public RunRecord Record { get; }

    /// <summary>Whether the run has come to its end.</summary>
    public bool IsFinished => Record.Summary is not null;

    /// <summary>Reads a run.</summary>
    /// <param name="directory">The folder of the run.</param>
    /// <param name="overrides"><c>key=value</c> for where its data lie now, and for the device.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <exception cref="FileNotFoundException">The run has no model and no checkpoint yet.</exception>
    /// <exception cref="FileFormatException">One of its files is damaged.</exception>
    /// <exception cref="ConfigurationException">An override does not fit.</exception>
    public static StoredRun Open(RunDirectory directory, IReadOnlyList<string> overrides, Action<string> note)
    {
        ModelOverrides.OfReport.Check(overrides);
        NativeRuntime.Initialize();
        if (!directory.IsFinished)
            return OpenUnfinished(directory, overrides, Checkpoint.ReadNewest(directory.CheckpointFolder, note));
        var checkpoint = CheckpointOf(directory, note);
        var summary = Read<Summary>(directory.SummaryFile, File.ReadAllText(directory.SummaryFile));
        var model = TrainedModel.Load(directory.Path, overrides, note);
        return new StoredRun(directory, model, new RunRecord
        {
            Epochs = Epochs(directory, model.Task.Score.Name),
            // The checkpoints know all metrics of the baselines, the summary only what scripts compare.
            FullPrecision = checkpoint?.Progress.FullPrecision ?? summary.FullPrecision,
            PostTraining = checkpoint?.Progress.PostTraining ?? summary.PostTraining,
            Summary = summary.Test.ContainsKey(model.Task.Score.Name) ? summary : throw OfAnotherVersion(directory.SummaryFile, $"under 'test' there is no '{model.Task.Score.Name}'"),
            Data = RunEnvironment.Read(directory)?.Data,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static StoredRun OpenUnfinished(RunDirectory directory, IReadOnlyList<string> overrides, Checkpoint? checkpoint)
    {
        if (checkpoint is not { Progress: var progress })
            throw new FileNotFoundException($"{directory.Path}: this run is not finished and has no checkpoint yet, so there is nothing to report; resume it with: train --resume {directory.Path}");
        var experiment = Experiment.Read(directory.ConfigurationFile, overrides).ValueOrThrow();
        var options = IsQuantized(checkpoint) ? experiment.Training.Quantized : experiment.Training.FullPrecision;
        return new StoredRun(directory, ModelOf(experiment, checkpoint), new RunRecord
        {
            Epochs = progress.Epochs,
            FullPrecision = progress.FullPrecision,
            PostTraining = progress.PostTraining,
            Remark = $"This run is not finished: its last checkpoint stands after {progress.Epoch} of {options.Epochs} epochs of the phase '{progress.Phase.Replace('_', ' ')}'. "
                + "The masks are those of that phase's best model so far, and its result on the test split is still to be measured.",
        });
    }

    /// <summary>The best model of the phase that a checkpoint stands in.</summary>
    private static TrainedModel ModelOf(Experiment experiment, Checkpoint checkpoint)
    {
        using var generator = new torch.Generator(0);
        var network = experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
        if (IsQuantized(checkpoint) && experiment.Quantizer is not NoQuantizer)
        {
            using var shapes = network;
            network = experiment.BuildQuantized(shapes.Masks.Position.detach());
        }
        var task = experiment.Task.Build(experiment.Optics);
        (checkpoint.Best ?? checkpoint.Current).Restore(network, task);
        return TrainedModel.Of(experiment, network, task);
    }

    private static bool IsQuantized(Checkpoint checkpoint) => string.Equals(checkpoint.Progress.Phase, QuantizedPhase.NameInFiles, StringComparison.Ordinal);

    /// <summary>The newest checkpoint of a finished run, which can be told of without it.</summary>
    private static Checkpoint? CheckpointOf(RunDirectory directory, Action<string> note)
    {
        try
        {
            return Checkpoint.ReadNewest(directory.CheckpointFolder, note);
        }
        catch (RunDirectoryException ofAnotherVersion)
        {
            note($"{ofAnotherVersion.Message} The report does without it.");
            return null;
        }
    }

    private static EpochRecord[] Epochs(RunDirectory directory, string score)
    {
        var file = directory.MetricsFile;
        EpochRecord[] epochs = [.. File.ReadLines(file).Select(line => Read<EpochRecord>(file, line))];
        return epochs.All(epoch => epoch.Validation.ContainsKey(score) && epoch.Validation.ContainsKey(Metric.Loss.Name))
            ? epochs
            : throw OfAnotherVersion(file, $"under 'validation' there is no '{score}' or no '{Metric.Loss.Name}'");
    }

    private static T Read<T>(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json.Line) ?? throw new FileFormatException(file, "it is empty");
        }
        catch (JsonException) when (Json.IsObject(json))
        {
            throw OfAnotherVersion(file, Json.MissingIn<T>(json) is { Length: > 0 } missing ? $"it has no '{string.Join("', no '", missing)}'" : "its values have other forms");
        }
        catch (JsonException damaged)
        {
            throw new FileFormatException(file, $"it is damaged: {damaged.Message}");
        }
    }

    // Of the files of a run this program reads what it knows, and leaves what it does not.
    private static FileFormatException OfAnotherVersion(string file, string what) =>
        new(file, $"{what}: an older or a newer version of OpticalQAT wrote it, or it was changed. It is left as it is; make the report with the version that wrote it");
}
