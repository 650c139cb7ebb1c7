using System.Text.Json.Serialization;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Runtime;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

/// <summary>
/// The score of a model on the test split, at what is printed: hard levels. Names and order of the members are a
/// contract that others script against.
/// </summary>
/// <param name="Model">The model, by the path that it was asked for.</param>
/// <param name="Task">The kind of the task.</param>
/// <param name="Split">The split.</param>
/// <param name="Levels">The level count of each layer; null in full precision.</param>
/// <param name="Metrics">Fractions, by name.</param>
public sealed record Evaluation(string Model, string Task, string Split, int[]? Levels, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>The number of fabricated devices that the metrics are the means of; left out where the design itself is evaluated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Devices { get; init; }

    /// <summary>Evaluates the model of a run, or in a file.</summary>
    /// <param name="path">A run directory or a model file.</param>
    /// <param name="overrides"><c>key=value</c> under task.dataset, optics.spectrum, device or perturbation.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    /// <exception cref="ConfigurationException">An override does not fit, or would change the model.</exception>
    /// <exception cref="FileNotFoundException">There is no such model.</exception>
    /// <exception cref="Formats.FileFormatException">The file is damaged or not one of ours.</exception>
    /// <exception cref="Data.DataException">The dataset cannot be read or does not fit the model.</exception>
    public static Evaluation Of(string path, IReadOnlyList<string> overrides, Action<string> note, CancellationToken cancellation = default)
    {
        ModelOverrides.OfEvaluation.Check(overrides);
        NativeRuntime.Initialize();
        using var model = TrainedModel.Load(path, overrides, note);
        // What a design was trained against says nothing of how it is evaluated: only who asks for errors gets them.
        var perturbation = ModelOverrides.AskForErrors(overrides) ? model.Experiment.Perturbation : new();
        foreach (var steep in perturbation.ExamineAngles(model.Experiment.Optics, model.Experiment.Model.Material(model.Experiment.Optics)))
            note($"warning: {steep.Key}: {steep.Message}");
        var evaluation = MemoryException.Explained(model.Experiment, () =>
        {
            using var fields = ModelOnDevice.Move(model, Splits.Test, note, cancellation).Fields(perturbation.ReachesInput, cancellation);
            return perturbation.IsAny ? OfDevices(path, model, fields, perturbation, cancellation) : Of(path, model, fields, cancellation);
        });
        if (FaintLight.Remark(evaluation.Metrics) is { } faint)
            note(faint);
        return evaluation;
    }

    /// <summary>Evaluates a model on a dataset that was read or made elsewhere, and moves it to its device.</summary>
    /// <param name="name">The model's name in the evaluation.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">The examples, whose test split counts; remain the caller's.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    /// <exception cref="Data.DataException">The dataset does not fit the model, or is too large for the memory.</exception>
    public static Evaluation Of(string name, TrainedModel model, Dataset data, Action<string>? note = null, CancellationToken cancellation = default) =>
        MemoryException.Explained(model.Experiment, () =>
        {
            using var fields = ModelOnDevice.Move(model, () => data, note ?? (_ => { })).Fields(cancellation: cancellation);
            return Of(name, model, fields, cancellation);
        });

    /// <summary>Evaluates a model that is on its device.</summary>
    /// <param name="name">The model's name in the evaluation.</param>
    /// <param name="model">The model.</param>
    /// <param name="fields">The examples as fields, whose test split counts.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Evaluation Of(string name, TrainedModel model, DatasetFields fields, CancellationToken cancellation = default)
    {
        using var measurement = Evaluator.Evaluate(model.Network, model.Task, fields.Test, cancellation);
        return new Evaluation(name, KindNames.Of(model.Experiment.Task), "test", model.LevelCounts, measurement.Result());
    }

    /// <summary>The mean metrics of fabricated devices; which ones follows from the experiment's seed.</summary>
    private static Evaluation OfDevices(string name, TrainedModel model, DatasetFields fields, PerturbationOptions perturbation, CancellationToken cancellation)
    {
        var all = Enumerable.Range(0, perturbation.Devices).Select(i =>
        {
            using var device = DeviceErrors.Of(model.Network, perturbation.Errors, Seeds.Derive(model.Experiment.Seed, "evaluated device", i), _ => 1);
            using var measurement = Evaluator.Evaluate(model.Network, model.Task, fields.Test, device, cancellation);
            return measurement.Result();
        }).ToArray();
        var means = all[0].Keys.ToDictionary(metric => metric, metric => all.Average(one => one[metric]), StringComparer.Ordinal);
        return new Evaluation(name, KindNames.Of(model.Experiment.Task), "test", model.LevelCounts, means) { Devices = all.Length };
    }
}
