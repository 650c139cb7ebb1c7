using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary>Post-training quantization of a model: its heights rounded to another level table, its score before and after.</summary>
/// <param name="Rounded">The model at the levels; the caller disposes of it.</param>
/// <param name="Before">The score of the model as it was given.</param>
/// <param name="After">The score of the rounded one.</param>
public sealed record ModelRounding(TrainedModel Rounded, Evaluation Before, Evaluation After) : IDisposable
{
    private static readonly string[] Replaceable = ["task.dataset", "device", "quantizer.levels"];

    /// <summary>Rounds the model of a run, or in a file; each layer's offset is chosen on validation data.</summary>
    /// <param name="path">A run directory or a model file.</param>
    /// <param name="levels">The level table in YAML: <c>{ kind: cyclic, count: 4 }</c>.</param>
    /// <param name="overrides"><c>key=value</c> under task.dataset, device or quantizer.levels.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    /// <exception cref="ConfigurationException">The level table or an override does not fit.</exception>
    /// <exception cref="FileNotFoundException">There is no such model.</exception>
    /// <exception cref="Formats.FileFormatException">The file is damaged or not one of ours.</exception>
    /// <exception cref="Data.DataException">The dataset cannot be read or does not fit the model.</exception>
    public static ModelRounding Of(string path, string levels, IReadOnlyList<string> overrides, Action<string> note, CancellationToken cancellation = default)
    {
        Evaluation.Refuse(overrides, Replaceable, "belongs to the model that is rounded");
        NativeRuntime.Initialize();
        var ofLevels = overrides.Where(text => text.StartsWith("quantizer.", StringComparison.Ordinal)).ToArray();
        using var source = TrainedModel.Load(path, [.. overrides.Except(ofLevels, StringComparer.Ordinal)]);
        // No quantizer took part in what comes out, and its file says so.
        var target = ConfigurationReader.Read<Experiment>(
            ConfigurationWriter.Write(source.Experiment, portable: false), path, [$"quantizer={{ kind: none, levels: {levels} }}", .. ofLevels]).ValueOrThrow().SelfContained();
        return MemoryException.Explained(source.Experiment, () =>
        {
            using var examples = Evaluation.Prepare(source, note, cancellation: cancellation);
            var rounded = Round(source, target, examples, cancellation);
            return new ModelRounding(rounded, Evaluation.Of(path, source, examples, cancellation), Evaluation.Of(path, rounded, examples, cancellation));
        });
    }

    /// <inheritdoc/>
    public void Dispose() => Rounded.Dispose();

    private static TrainedModel Round(TrainedModel source, Experiment target, Examples examples, CancellationToken cancellation)
    {
        var levels = target.Levels!;
        using var continuous = source.InFullPrecision(target);
        var rounding = new PostTraining(continuous, levels);
        using var scope = NewDisposeScope();
        var network = Quantized(target, levels, rounding.Positions(rounding.ChooseOffsets(Score)));
        var task = target.Task.Build(target.Optics);
        task.load_state_dict(source.Task.state_dict());
        var device = source.Network.Masks.First().Position.device;
        network.to(device);
        task.to(device);
        FittedReadout.Improve(network, task, examples.Rounding, cancellation);
        return TrainedModel.Of(target, network, task);

        double Score(IReadOnlyList<Tensor> trial)
        {
            using var candidate = Quantized(target, levels, trial).to(source.Network.Masks.First().Position.device);
            using var measurement = Evaluator.Evaluate(candidate, source.Task, examples.Rounding, cancellation);
            return measurement.Result()[source.Task.Score];
        }
    }

    private static DiffractiveNetwork Quantized(Experiment target, IReadOnlyList<LevelTable> levels, IReadOnlyList<Tensor> positions) =>
        target.Model.BuildQuantized(target.Optics, levels, target.Quantizer, positions);
}
