using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Runs;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Studies.Comparison;

/// <summary>
/// What the cells of a comparison read, and share: examples are read once, and brought to the first mask once. Cells of another
/// geometry, task or dataset get their own, in place of those before: two sets of fields may be more than the memory holds.
/// </summary>
internal sealed class SharedInputs : IDisposable
{
    private readonly Dictionary<string, DataDigest> _digests = new(StringComparer.Ordinal);
    private string? _key;
    private Dataset? _data;
    private DataDigest? _digest;
    private OpticalModel? _network;
    private LearningTask? _task;
    private DatasetFields? _fields;
    private readonly Dictionary<string, Dictionary<string, IReadOnlyList<double>>> _offsets = new(StringComparer.Ordinal);

    /// <summary>The data that a cell's run reads.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="cancellation">Stops the reading, and the making of fields.</param>
    /// <returns>Inputs whose model to start from is the caller's, and nothing else of them.</returns>
    /// <exception cref="DataException">The dataset cannot be read, or does not fit.</exception>
    public TrainingInputs For(ComparisonCell cell, CancellationToken cancellation)
    {
        NativeRuntime.Initialize();
        var experiment = cell.Experiment;
        var key = string.Join('\n', new object[] { experiment.Optics, experiment.Model, experiment.Task, experiment.Device, experiment.Perturbation.ReachesInput }.Select(ConfigurationWriter.WriteInline));
        if (!string.Equals(key, _key, StringComparison.Ordinal))
        {
            Dispose();
            Make(experiment, cancellation);
            _key = key;
        }
        var start = experiment.Training.StartFrom is { } path ? TrainedModel.Load(path, ["device=cpu"]) : null;
        return new TrainingInputs(_data!, start) { Digest = new(_digest!), Shared = _fields, Offsets = cell.Start is { } source ? OffsetsOf(source) : null };
    }

    /// <summary>The number of examples of an experiment, whether they were read or not; null where they are not there.</summary>
    public ExampleCounts? CountOf(Experiment experiment)
    {
        if (_digests.TryGetValue(ConfigurationWriter.WriteInline(experiment.Task.Dataset), out var read))
            return new(read.Train.Count, read.Validation.Count, read.Test.Count);
        try
        {
            var outline = experiment.Task.Dataset.Outline(DataRequest.All);
            return new(outline.Train!.Count, outline.Validation!.Count, outline.Test!.Count);
        }
        catch (DataException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fields?.Dispose();
        _network?.Dispose();
        _task?.Dispose();
        _data?.Dispose();
        (_key, _data, _network, _task, _fields) = (null, null, null, null, null);
    }

    // The cells that start from one model, a dozen and more, would all choose the same offsets.
    private Dictionary<string, IReadOnlyList<double>> OffsetsOf(ComparisonCell start)
    {
        if (!_offsets.TryGetValue(start.Key, out var known))
            _offsets.Add(start.Key, known = new(StringComparer.Ordinal));
        return known;
    }

    /// <summary>Cells are compared on equal data: what was read for the first of them, all others must meet.</summary>
    private void CheckUnchanged(DatasetKind dataset, DataDigest digest)
    {
        var text = ConfigurationWriter.WriteInline(dataset);
        if (_digests.TryAdd(text, digest) || _digests[text].DifferenceTo(digest) is not { } difference)
            return;
        throw new DataException($"the examples of {text} have changed while the comparison was at work: {difference}; bring back those that it was begun with, or start it again, and what was finished with the others is not taken for the same");
    }

    private void Make(Experiment experiment, CancellationToken cancellation)
    {
        var device = ComputeDevice.Resolve(experiment.Device).Device;
        Threads.Use();
        _data = experiment.Task.Dataset.Load(new DataRequest(Splits.All, cancellation));
        _digest = DataDigest.Of(_data);
        CheckUnchanged(experiment.Task.Dataset, _digest);
        _task = experiment.Task.Build(experiment.Optics).to(device);
        using var generator = new Generator(0);
        _network = experiment.Model.Build(experiment.Optics, null, generator).to(device);
        _fields = DatasetFields.Of(_data, _network, _task, device, experiment.Perturbation.ReachesInput, cancellation: cancellation);
    }
}
