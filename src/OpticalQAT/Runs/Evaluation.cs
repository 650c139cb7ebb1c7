using System.Text.Json.Serialization;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Runtime;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

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
    internal static readonly string[] Replaceable = ["task.dataset", "optics.spectrum", "device", "perturbation"];

    /// <summary>How many fabricated devices the metrics are the means of; left out where the design itself is evaluated.</summary>
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
        Refuse(overrides, Replaceable, "belongs to the model, which is evaluated as it is");
        NativeRuntime.Initialize();
        using var model = TrainedModel.Load(path, overrides, note);
        // What a design was trained against says nothing of how it is evaluated: only who asks for errors gets them.
        var perturbation = overrides.Any(text => IsUnder(text.Split('=')[0].Trim(), "perturbation")) ? model.Experiment.Perturbation : new();
        foreach (var steep in perturbation.ExamineAngles(model.Experiment.Optics, model.Experiment.Model.Material(model.Experiment.Optics)))
            note($"warning: {steep.Key}: {steep.Message}");
        var evaluation = MemoryException.Explained(model.Experiment, () =>
        {
            using var examples = Prepare(model, Splits.Test, note, perturbation.ReachesInput, cancellation);
            return perturbation.IsAny ? OfDevices(path, model, examples, perturbation, cancellation) : Of(path, model, examples, cancellation);
        });
        if (FaintLight.Remark(evaluation.Metrics) is { } faint)
            note(faint);
        return evaluation;
    }

    /// <summary>Evaluates a model that is on its device.</summary>
    /// <param name="name">What the evaluation calls it.</param>
    /// <param name="model">The model.</param>
    /// <param name="examples">Whose test split counts.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Evaluation Of(string name, TrainedModel model, Examples examples, CancellationToken cancellation = default)
    {
        using var measurement = Evaluator.Evaluate(model.Network, model.Task, examples.Test, cancellation);
        return new Evaluation(name, KindNames.Of(model.Experiment.Task), "test", LevelsOf(model), measurement.Result());
    }

    /// <summary>The level count of each layer; null in full precision.</summary>
    internal static int[]? LevelsOf(TrainedModel model) =>
        model.Network.Masks.Tables?.Select(table => table.Count).ToArray();

    /// <summary>The mean metrics of fabricated devices; which ones follows from the experiment's seed.</summary>
    private static Evaluation OfDevices(string name, TrainedModel model, Examples examples, PerturbationOptions perturbation, CancellationToken cancellation)
    {
        var all = Enumerable.Range(0, perturbation.Devices).Select(i =>
        {
            using var device = DeviceErrors.Of(model.Network, perturbation.Errors, Seeds.Derive(model.Experiment.Seed, "evaluated device", i), _ => 1);
            using var measurement = Evaluator.Evaluate(model.Network, model.Task, examples.Test, device, cancellation);
            return measurement.Result();
        }).ToArray();
        var means = all[0].Keys.ToDictionary(metric => metric, metric => all.Average(one => one[metric]), StringComparer.Ordinal);
        return new Evaluation(name, KindNames.Of(model.Experiment.Task), "test", LevelsOf(model), means) { Devices = all.Length };
    }

    /// <summary>Moves a model to the device that its experiment asks for, and reads the splits that are wanted.</summary>
    internal static Examples Prepare(TrainedModel model, Splits splits, Action<string> note, bool atInput = false, CancellationToken cancellation = default)
    {
        var (device, data) = Ready(model, splits, note, cancellation);
        return Examples.Of(data, model.Network, model.Task, device, atInput, isTrained: true, cancellation);
    }

    /// <summary>Moves a model to the device that its experiment asks for, and reads the splits that are wanted, if they can be computed there.</summary>
    internal static (Device Device, Dataset Data) Ready(TrainedModel model, Splits splits, Action<string> note, CancellationToken cancellation = default)
    {
        var device = ComputeDevice.Resolve(model.Experiment.Device);
        if (device.Note is { } text)
            note(text);
        Threads.Use();
        model.Network.to(device.Device);
        model.Task.to(device.Device);
        var data = model.LoadData(splits, cancellation);
        foreach (var remark in data.Remarks)
            note(remark);
        model.Task.CheckFits(data, isTrained: true);
        ModelBounds.CheckMemory(model.Experiment, Math.Min(Evaluator.BatchSize, data.Read.Max(part => part.Split.Count)), device.Device);
        return (device.Device, data);
    }

    /// <summary>Refuses overrides of anything but the named keys and what lies below them.</summary>
    internal static void Refuse(IReadOnlyList<string> overrides, string[] replaceable, string reason)
    {
        ConfigurationError[] errors =
        [
            .. overrides.Where(text => !replaceable.Any(key => IsUnder(text.Split('=')[0].Trim(), key)))
                .Select(text => new ConfigurationError(
                    Place.OfOverride(text), $"'{text.Split('=')[0].Trim()}' {reason}; only {string.Join(", ", replaceable)} and what lies below can be overridden here")),
        ];
        if (errors.Length > 0)
            throw new ConfigurationException(errors);
    }

    private static bool IsUnder(string path, string key) =>
        string.Equals(path, key, StringComparison.Ordinal) || path.StartsWith(key + ".", StringComparison.Ordinal);
}
