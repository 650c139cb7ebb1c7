using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>
/// A designed processor and the experiment that it came from. Its file, safetensors, stands alone: for each layer
/// <c>layers.N.heights</c> (float64, metres, what is printed), <c>layers.N.position</c> (float32, what is learnt),
/// with levels <c>layers.N.levels</c> (float64, metres, the table), for masks of free amplitude
/// <c>layers.N.amplitudes</c> (float32); the parameters and
/// buffers of the read-out; and in the metadata the
/// experiment, without a path, time or id in it, so that two runs of one configuration write the same bytes, the names of
/// the classes, and a seal over all of it (docs/files.md).
/// </summary>
public sealed class TrainedModel : IDisposable
{
    private const string ReadoutPrefix = "readout.";

    // Where a file alone describes the examples: the keys that its user has given a value. Null for what he described himself.
    private string[]? _overridden;

    private TrainedModel(Experiment experiment, OpticalModel network, LearningTask task) =>
        (Experiment, Network, Task) = (experiment, network, task);

    /// <summary>The experiment that it was trained for. A path that the model's file leaves open, where its examples lie, is null.</summary>
    public Experiment Experiment { get; }

    /// <summary>The processor, in evaluation.</summary>
    public OpticalModel Network { get; }

    /// <summary>The task, with the read-out's parameters.</summary>
    public LearningTask Task { get; }

    /// <summary>The names of the classes in the order of their labels; null where the task has none, or the file does not say.</summary>
    public IReadOnlyList<string>? ClassNames { get; private init; }

    /// <summary>Whether the heights are printable levels.</summary>
    public bool IsQuantized => Network.Masks.HaveLevels;

    /// <summary>The level count of each layer; null in full precision.</summary>
    public int[]? LevelCounts => Network.Masks.Tables?.Select(table => table.Count).ToArray();

    /// <summary>A model from its parts.</summary>
    /// <param name="experiment">The experiment that it was trained for.</param>
    /// <param name="network">The processor.</param>
    /// <param name="task">The task, with the read-out's parameters.</param>
    /// <param name="classNames">The names of the classes in the order of their labels; null where they are not known.</param>
    public static TrainedModel Of(Experiment experiment, OpticalModel network, LearningTask task, IReadOnlyList<string>? classNames = null)
    {
        network.eval();
        return new TrainedModel(experiment, network, task) { ClassNames = task.HasClasses ? classNames : null };
    }

    /// <summary>The model of a run, or in a file. Its examples are not touched, and need not be there.</summary>
    /// <param name="path">A run directory or a model file.</param>
    /// <param name="overrides"><c>key=value</c> over the experiment in the file: another dataset, another device.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    /// <exception cref="FileFormatException">The file is damaged or not one of ours.</exception>
    /// <exception cref="ConfigurationException">The overrides do not fit.</exception>
    /// <exception cref="DataException">It does not fit into the memory.</exception>
    public static TrainedModel Load(string path, IReadOnlyList<string> overrides, Action<string>? note = null)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "model.safetensors") : path;
        if (!File.Exists(file))
        {
            throw new FileNotFoundException(Directory.Exists(path)
                ? $"{path}: there is no model.safetensors in this folder; give a finished run's directory or a model file"
                : $"{path}: there is no such run directory or model file");
        }
        using var scope = NewDisposeScope();
        var stored = SafetensorsFile.Read(file);
        var metadata = ModelMetadata.Of(file, stored);
        if (!metadata.IsSealed)
            note?.Invoke($"{file}: an earlier version wrote this model, without a seal: whether it was changed since cannot be seen.");
        // The heights are the same in other light: whether their table closes was decided by the light of the training.
        var trained = Parse(file, metadata.Experiment, [], metadata.CountsFromZero);
        if (metadata.CountsFromZero && LayerNumbers.AreIn(metadata.Experiment))
            note?.Invoke($"{file}: an earlier version wrote this model, and counted layers from 0; they are counted from 1 now, and are read as those that were meant.");
        // A run's own configuration says where its data lie, which the model's file must not.
        var configuration = Path.Combine(path, "config.yaml");
        var isOfRun = File.Exists(configuration);
        var experiment = isOfRun ? OfRun(configuration, overrides, trained, metadata.CountsFromZero)
            : overrides.Count == 0 ? trained
            : Parse(file, metadata.Experiment, overrides, metadata.CountsFromZero);
        try
        {
            var model = Build(file, experiment, metadata.ClassNames, trained.Levels, stored);
            model._overridden = isOfRun ? null : [.. overrides.Select(ModelOverrides.KeyOf)];
            return model;
        }
        catch (ArgumentException impossible)
        {
            throw new FileFormatException(file, $"its experiment cannot be built: {impossible.Message}", impossible);
        }
    }

    /// <summary>An experiment as a model's file has it: no path of the machine that made it is taken from there.</summary>
    /// <param name="file">The name by which errors call it.</param>
    /// <param name="yaml">The experiment.</param>
    /// <param name="overrides"><c>key=value</c> over it.</param>
    /// <param name="fromZero">Whether its layers are counted from 0.</param>
    internal static Experiment Parse(string file, string yaml, IReadOnlyList<string> overrides, bool fromZero = false)
    {
        var experiment = ConfigurationReader.ReadPortable<Experiment>(yaml, $"{file} (metadata)", overrides, Mend(fromZero)).ValueOrThrow();
        return OpenPaths.In(experiment).FirstOrDefault(key => !key.StartsWith("task.dataset.", StringComparison.Ordinal)) is { } open
            ? throw new FileFormatException(file, $"its experiment needs the file '{open}', and a model does without any: it was changed, or something else wrote it")
            : experiment.SelfContained();
    }

    /// <summary>The experiment without what is different from machine to machine, as a model's file has it.</summary>
    internal static string PortableText(Experiment experiment) =>
        LayerNumbers.Marked(ConfigurationWriter.Write(experiment.SelfContained() with { Device = Runtime.DeviceChoice.Auto, Output = new() }, portable: true));

    private static Action<ConfigurationNode>? Mend(bool fromZero) => fromZero ? root => LayerNumbers.Move(root) : null;

    /// <summary>The experiment of a run, which is that of its model but for where things lie.</summary>
    private static Experiment OfRun(string configuration, IReadOnlyList<string> overrides, Experiment trained, bool fromZero)
    {
        // One version wrote both, and both count as it did.
        var own = Experiment.Read(configuration, [], Mend(fromZero)).ValueOrThrow();
        var (here, there) = (Lines(own), Lines(trained));
        if (!here.SequenceEqual(there, StringComparer.Ordinal))
        {
            var (line, inModel) = here.Zip(there).First(pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
            throw new FileFormatException(configuration, $"this is not the configuration that the model beside it was trained with: it says '{line}', the model '{inModel}'; undo the change, or name the model's file itself");
        }
        return overrides.Count == 0 ? own : Experiment.Read(configuration, overrides, Mend(fromZero)).ValueOrThrow();

        // Which examples are met may be changed in a run's folder as on the command line.
        string[] Lines(Experiment experiment) => PortableText(experiment with { Task = experiment.Task with { Dataset = trained.Task.Dataset } }).Split('\n', StringSplitOptions.TrimEntries);
    }

    private static TrainedModel Build(string file, Experiment experiment, string[]? classNames, IReadOnlyList<LevelTable>? tables, SafetensorsFile stored)
    {
        if (experiment.Examine().FirstOrDefault(finding => finding.IsError) is { } error)
            throw new FileFormatException(file, $"its experiment cannot be built: {error.Key}: {error.Message}");
        ModelBounds.CheckMemory(experiment, images: 1, CPU);
        var network = BuildNetwork(file, experiment, tables, stored, quantized: stored.Tensors.ContainsKey("layers.0.levels"));
        var task = experiment.Task.Build(experiment.Optics);
        foreach (var (name, tensor) in task.State())
        {
            using var untracked = no_grad();
            tensor.copy_(Expect(file, stored, ReadoutPrefix + name, tensor.dtype, tensor.shape));
        }
        return Of(experiment, network, task, classNames);
    }

    /// <summary>Writes the model; the same model gives the same bytes.</summary>
    public void Save(string file)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var masks = Network.Masks;
        var (positions, heights, amplitudes, tables) = (masks.PrintedPositions().cpu(), masks.Heights().cpu(), masks.Amplitudes()?.cpu(), masks.Tables);
        for (var layer = 0; layer < masks.Count; layer++)
        {
            tensors.Add($"layers.{layer}.position", positions[layer]);
            tensors.Add($"layers.{layer}.heights", heights[layer]);
            if (amplitudes is not null)
                tensors.Add($"layers.{layer}.amplitudes", amplitudes[layer]);
            if (tables is not null)
                tensors.Add($"layers.{layer}.levels", tensor(tables[layer].Heights.ToArray()));
        }
        foreach (var (name, tensor) in Task.State())
            tensors.Add(ReadoutPrefix + name, tensor.detach().cpu());
        SafetensorsFile.Write(file, tensors, new ModelMetadata(PortableText(Experiment), ClassNames?.ToArray(), CountsFromZero: false, IsSealed: true).Under(tensors));
    }

    /// <summary>The model of the same heights in full precision, from which training or rounding starts.</summary>
    /// <param name="target">The experiment that it is wanted for: its geometry may differ but for the number of layers and pixels.</param>
    /// <exception cref="ArgumentException">The masks have another number or size.</exception>
    public OpticalModel InFullPrecision(Experiment target)
    {
        using var scope = NewDisposeScope();
        var network = target.Model.Build(target.Optics, target.Levels, new Generator(0));
        var (wanted, initial) = (network.Masks, Network.Masks);
        if (wanted.Count != initial.Count || wanted.Pixels != initial.Pixels)
        {
            throw new ArgumentException($"the model to start from has {initial.Count} layers of {initial.Pixels}×{initial.Pixels} pixels, "
                + $"this experiment {wanted.Count} of {wanted.Pixels}×{wanted.Pixels}; both must be the same");
        }
        using var untracked = no_grad();
        wanted.Position.copy_(wanted.PositionsOf(initial));
        wanted.Confine();
        return network;
    }

    /// <summary>The examples that it was trained for, or those that an override names, with the labels that it was trained on.</summary>
    /// <param name="splits">The splits that are wanted; no other is touched.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DataException">They cannot be read, the model does not say where they lie, or its file asks for too many.</exception>
    public Dataset LoadData(Splits splits, CancellationToken cancellation = default)
    {
        var dataset = Experiment.Task.Dataset;
        if (OpenPaths.In(dataset, "task.dataset").FirstOrDefault() is { } open)
            throw new DataException($"the model does not say where its examples lie; give them with {open}={open.Split('.')[^1].ToUpperInvariant()}");
        if (_overridden is not null)
            ModelBounds.CheckExamples(dataset, splits, _overridden);
        return dataset.Load(new DataRequest(splits, cancellation) { ClassNames = Task.HasClasses ? ClassNames : null });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Task.Dispose();
    }

    private static OpticalModel BuildNetwork(string file, Experiment experiment, IReadOnlyList<LevelTable>? tables, SafetensorsFile stored, bool quantized)
    {
        var model = experiment.Model;
        var pixels = model.PrintedPixels(experiment.Optics);
        long[] shape = [pixels, pixels];
        var learnt = quantized ? shape : model.PositionShape(experiment.Optics);
        var positions = stack(Enumerable.Range(0, model.LayerCount).Select(layer => Expect(file, stored, $"layers.{layer}.position", ScalarType.Float32, learnt)));
        var network = quantized
            ? experiment.BuildQuantized(positions, Tables(file, experiment, tables, stored))
            : model.Build(experiment.Optics, tables, new Generator(0));
        using var untracked = no_grad();
        network.Masks.Position.copy_(positions);
        var (heights, levels) = (network.Masks.Heights(), network.Masks.Tables);
        for (var layer = 0; layer < model.LayerCount; layer++)
        {
            var isOurs = heights[layer].equal(Expect(file, stored, $"layers.{layer}.heights", ScalarType.Float64, shape)).all().item<bool>()
                && (levels is null || levels[layer].Heights.SequenceEqual(Expect(file, stored, $"layers.{layer}.levels", ScalarType.Float64, [levels[layer].Count]).data<double>().ToArray()));
            if (!isOurs)
                throw new FileFormatException(file, $"layers.{layer}.heights are not the heights that its positions and its level table give: the file was changed, or belongs to another version");
        }
        return network;
    }

    /// <summary>The tables that the experiment describes, or, where they were learnt, those that training ended with.</summary>
    private static IReadOnlyList<LevelTable> Tables(string file, Experiment experiment, IReadOnlyList<LevelTable>? tables, SafetensorsFile stored)
    {
        var described = tables ?? throw new FileFormatException(file, "it has levels, but its experiment describes none");
        return !experiment.Quantizer.LearnsLevels
            ? described
            : [.. described.Select((table, layer) => new LevelTable(Expect(file, stored, $"layers.{layer}.levels", ScalarType.Float64, [table.Count]).data<double>().ToArray(), table.Period))];
    }

    private static Tensor Expect(string file, SafetensorsFile stored, string name, ScalarType type, long[] shape)
    {
        if (!stored.Tensors.TryGetValue(name, out var tensor))
            throw new FileFormatException(file, $"the tensor '{name}' is missing");
        if (tensor.dtype != type)
            throw new FileFormatException(file, $"the tensor '{name}' has elements of type {tensor.dtype}, but they must be {type}");
        if (!tensor.shape.SequenceEqual(shape))
            throw new FileFormatException(file, $"the tensor '{name}' has the shape [{string.Join(", ", tensor.shape)}], but its experiment makes it [{string.Join(", ", shape)}]");
        return tensor.isfinite().all().item<bool>() ? tensor : throw new FileFormatException(file, $"the tensor '{name}' holds values that are no finite numbers");
    }
}
