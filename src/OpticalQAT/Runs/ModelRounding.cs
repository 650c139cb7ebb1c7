using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>Post-training quantization of a model: its heights rounded to another level table, its score before and after.</summary>
/// <param name="Rounded">The model at the levels; the caller disposes of it.</param>
/// <param name="Before">The score of the model before rounding.</param>
/// <param name="After">The score of the rounded one.</param>
public sealed record ModelRounding(TrainedModel Rounded, Evaluation Before, Evaluation After) : IDisposable
{
    /// <summary>Rounds the model of a run, or in a file; each layer's offset is chosen on validation data.</summary>
    /// <param name="path">A run directory or a model file.</param>
    /// <param name="levels">The level table, or those of the layers.</param>
    /// <param name="overrides"><c>key=value</c> under task.dataset or device.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    /// <exception cref="ConfigurationException">The level table or an override does not fit.</exception>
    /// <exception cref="FileNotFoundException">There is no such model.</exception>
    /// <exception cref="Formats.FileFormatException">The file is damaged or not one of ours.</exception>
    /// <exception cref="Data.DataException">The dataset cannot be read or does not fit the model.</exception>
    public static ModelRounding Of(string path, LevelsKind levels, IReadOnlyList<string> overrides, Action<string> note, CancellationToken cancellation = default)
    {
        ModelOverrides.OfRounding.Check(overrides);
        NativeRuntime.Initialize();
        using var source = TrainedModel.Load(path, overrides, note);
        // No quantizer took part in what comes out, and no refinement, and its file says so.
        var target = (source.Experiment with
        {
            Quantizer = new NoQuantizer { Levels = levels },
            Training = source.Experiment.Training with { Refinement = null },
        }).SelfContained();
        UnfitExperiment.Refuse(target, path);
        return MemoryException.Explained(source.Experiment, () =>
        {
            using var fields = ModelOnDevice.Move(source, Splits.Validation | Splits.Test, note, cancellation).Fields(cancellation: cancellation);
            var rounded = Round(source, target, fields, cancellation);
            var after = Evaluation.Of(path, rounded, fields, cancellation);
            if (FaintLight.Remark(after.Metrics) is { } faint)
                note(faint);
            return new ModelRounding(rounded, Evaluation.Of(path, source, fields, cancellation), after);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => Rounded.Dispose();

    private static TrainedModel Round(TrainedModel source, Experiment target, DatasetFields fields, CancellationToken cancellation)
    {
        using var continuous = source.InFullPrecision(target);
        var rounding = new PostTraining(continuous, target.Levels!);
        using var scope = NewDisposeScope();
        var network = target.BuildQuantized(rounding.Positions(rounding.ChooseOffsets(Score)));
        var task = target.Task.Build(target.Optics);
        task.load_state_dict(source.Task.state_dict());
        var device = source.Network.Masks.Device;
        network.to(device);
        task.to(device);
        FittedReadout.Improve(network, task, fields.Rounding, cancellation);
        return TrainedModel.Of(target, network, task, source.ClassNames);

        double Score(Tensor trial)
        {
            using var candidate = target.BuildQuantized(trial).to(source.Network.Masks.Device);
            using var measurement = Evaluator.Evaluate(candidate, source.Task, fields.Rounding, cancellation);
            return source.Task.Score.Merit(measurement.Result()[source.Task.Score.Name]);
        }
    }
}
