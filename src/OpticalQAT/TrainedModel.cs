using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary>
/// A designed processor and the experiment that it came from. Its file, safetensors, stands alone: for each layer
/// <c>layers.N.heights</c> (float64, metres, what is printed), <c>layers.N.position</c> (float32, what is learnt),
/// with levels <c>layers.N.levels</c> (float64, metres, the table), for masks of free amplitude
/// <c>layers.N.amplitudes</c> (float32); the read-out's parameters; and in the metadata the
/// experiment, without a path, time or id in it, so that two runs of one configuration write the same bytes.
/// </summary>
public sealed class TrainedModel : IDisposable
{
    private const string FormatVersion = "1";
    private const string ReadoutPrefix = "readout.";

    private TrainedModel(Experiment experiment, DiffractiveNetwork network, LearningTask task) =>
        (Experiment, Network, Task) = (experiment, network, task);

    /// <summary>What it was trained for.</summary>
    public Experiment Experiment { get; }

    /// <summary>The processor, in evaluation.</summary>
    public DiffractiveNetwork Network { get; }

    /// <summary>The task, with the read-out's parameters.</summary>
    public LearningTask Task { get; }

    /// <summary>Whether the heights are printable levels.</summary>
    public bool IsQuantized => Network.Masks.First().Relief.Levels is not null;

    /// <summary>A model from its parts.</summary>
    public static TrainedModel Of(Experiment experiment, DiffractiveNetwork network, LearningTask task)
    {
        network.eval();
        return new TrainedModel(experiment, network, task);
    }

    /// <summary>The model of a run, or in a file.</summary>
    /// <param name="path">A run directory or a model file.</param>
    /// <param name="overrides"><c>key=value</c> over the experiment in the file: another dataset, another device.</param>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    /// <exception cref="FileFormatException">The file is damaged or not one of ours.</exception>
    /// <exception cref="ConfigurationException">The overrides do not fit.</exception>
    public static TrainedModel Load(string path, IReadOnlyList<string> overrides)
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
        if (!stored.Metadata.TryGetValue("opticalqat", out var version) || !stored.Metadata.TryGetValue("experiment", out var yaml))
            throw new FileFormatException(file, "it is a safetensors file, but not a model of OpticalQAT: its metadata lack the keys 'opticalqat' and 'experiment'");
        if (!string.Equals(version, FormatVersion, StringComparison.Ordinal))
            throw new FileFormatException(file, $"it is a model of format version {version}; this program reads version {FormatVersion}");
        // A run's own configuration says the same, and where its data lie, which the model's file must not.
        var configuration = Path.Combine(path, "config.yaml");
        var experiment = (File.Exists(configuration)
            ? Experiment.Read(configuration, overrides)
            : ConfigurationReader.Read<Experiment>(yaml, $"{file} (metadata)", overrides)).ValueOrThrow();
        // Other light shows the same heights: whether their table closes was decided by the light of the training.
        var trained = overrides.Count == 0 ? experiment : ConfigurationReader.Read<Experiment>(yaml, $"{file} (metadata)", []).ValueOrThrow();
        try
        {
            return Build(file, experiment, trained.Levels, stored);
        }
        catch (ArgumentException impossible)
        {
            throw new FileFormatException(file, $"its experiment cannot be built: {impossible.Message}", impossible);
        }
    }

    private static TrainedModel Build(string file, Experiment experiment, IReadOnlyList<LevelTable>? tables, SafetensorsFile stored)
    {
        if (experiment.Examine().FirstOrDefault(finding => finding.IsError) is { } error)
            throw new FileFormatException(file, $"its experiment cannot be built: {error.Key}: {error.Message}");
        var network = BuildNetwork(file, experiment, tables, stored, quantized: stored.Tensors.ContainsKey("layers.0.levels"));
        var task = experiment.Task.Build(experiment.Optics);
        foreach (var (name, parameter) in task.named_parameters())
        {
            using var untracked = no_grad();
            parameter.copy_(Expect(file, stored, ReadoutPrefix + name, parameter.dtype, parameter.shape));
        }
        return Of(experiment, network, task);
    }

    /// <summary>Writes the model; the same model gives the same bytes.</summary>
    public void Save(string file)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (mask, layer) in Network.Masks.Select((mask, layer) => (mask, layer)))
        {
            tensors.Add($"layers.{layer}.position", mask.PrintedPosition().detach().cpu());
            tensors.Add($"layers.{layer}.heights", mask.Heights().cpu());
            if (mask.Relief.PrintedAmplitudes(mask.Position) is { } amplitudes)
                tensors.Add($"layers.{layer}.amplitudes", amplitudes.cpu());
            if (mask.Relief.Levels is { } levels)
                tensors.Add($"layers.{layer}.levels", tensor(levels.Heights.ToArray()));
        }
        foreach (var (name, parameter) in Task.named_parameters())
            tensors.Add(ReadoutPrefix + name, parameter.detach().cpu());
        SafetensorsFile.Write(file, tensors, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["opticalqat"] = FormatVersion,
            ["experiment"] = ConfigurationWriter.Write(Experiment.SelfContained() with { Device = Runtime.DeviceChoice.Auto, Output = new() }, portable: true),
        });
    }

    /// <summary>The model of the same heights in full precision, from which training or rounding starts.</summary>
    /// <param name="target">The experiment that it is wanted for: its geometry may differ but for the number of layers and pixels.</param>
    /// <exception cref="ArgumentException">The masks have another number or size.</exception>
    public DiffractiveNetwork InFullPrecision(Experiment target)
    {
        using var scope = NewDisposeScope();
        var network = target.Model.Build(target.Optics, target.Levels, new Generator(0));
        var (wanted, given) = (network.Masks.ToArray(), Network.Masks.ToArray());
        if (wanted.Length != given.Length || !wanted[0].Heights().shape.SequenceEqual(given[0].Heights().shape))
        {
            throw new ArgumentException($"the model to start from has {given.Length} layers of {given[0].Position.shape[^2]}×{given[0].Position.shape[^1]} pixels, "
                + $"this experiment {wanted.Length} of {wanted[0].Position.shape[^2]}×{wanted[0].Position.shape[^1]}; both must be the same");
        }
        using var untracked = no_grad();
        foreach (var (mask, source) in wanted.Zip(given))
        {
            if (mask.Relief is not ContinuousRelief relief)
            {
                if (source.Relief.GetType() != mask.Relief.GetType())
                    throw new ArgumentException("the model to start from has masks of another modulation; both must be the same");
                mask.Position.copy_(source.Position);
                continue;
            }
            mask.Position.copy_((source.Heights() / relief.MetresPerRadian).to(ScalarType.Float32));
            mask.Confine();
        }
        return network;
    }

    /// <summary>The examples that it was trained for, or those that an override names.</summary>
    public Dataset LoadData(CancellationToken cancellation = default) => Experiment.Task.Dataset.Load(new DataRequest(Splits.All, cancellation));

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Task.Dispose();
    }

    private static DiffractiveNetwork BuildNetwork(string file, Experiment experiment, IReadOnlyList<LevelTable>? tables, SafetensorsFile stored, bool quantized)
    {
        var model = experiment.Model;
        var pixels = model.PrintedPixels(experiment.Optics);
        long[] shape = [pixels, pixels];
        var learnt = quantized ? shape : model.PositionShape(experiment.Optics);
        var positions = Enumerable.Range(0, model.LayerCount).Select(layer => Expect(file, stored, $"layers.{layer}.position", ScalarType.Float32, learnt)).ToArray();
        var network = quantized
            ? model.BuildQuantized(experiment.Optics, Tables(file, experiment, tables, stored), experiment.Quantizer, positions)
            : model.Build(experiment.Optics, tables, new Generator(0));
        using var untracked = no_grad();
        foreach (var (mask, layer) in network.Masks.Select((mask, layer) => (mask, layer)))
        {
            mask.Position.copy_(positions[layer]);
            var levels = mask.Relief.Levels?.Heights.ToArray();
            var isOurs = mask.Heights().equal(Expect(file, stored, $"layers.{layer}.heights", ScalarType.Float64, shape)).all().item<bool>()
                && (levels is null || levels.AsSpan().SequenceEqual(Expect(file, stored, $"layers.{layer}.levels", ScalarType.Float64, [levels.Length]).data<double>().ToArray()));
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
