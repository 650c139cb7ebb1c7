using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>The splits of an experiment's dataset on its device. Each becomes fields when it is first asked for: the test split at the end.</summary>
public sealed class Examples : IDisposable
{
    internal const int RoundingCount = 1000;
    private const double ShareOfMemory = 0.4;

    private readonly Lazy<FieldSource> _train;
    private readonly Lazy<FieldSource> _validation;
    private readonly Lazy<FieldSource> _test;
    private readonly Lazy<FieldSource> _rounding;

    private long _left;

    private Examples(Dataset data, long memoryLimit, Func<Split, long, FieldSource> source)
    {
        (Data, _left) = (data, memoryLimit);
        _train = new(() => Kept(data.Train));
        _validation = new(() => Kept(data.Validation));
        _test = new(() => Kept(data.Test));
        _rounding = new(() => Kept(First(data.Validation, RoundingCount)));

        // Each split gets what those before it have left.
        FieldSource Kept(Split split)
        {
            var fields = source(split, _left);
            _left -= fields.KeptBytes;
            return fields;
        }
    }

    /// <summary>Bytes that the fields of all splits together may take: a share of what is free on a CUDA device, else of the host's memory.</summary>
    internal static long MemoryLimit(Device device) => ShareOf(FreeMemory(device));

    /// <summary>Bytes that are free on a CUDA device, else what the host has.</summary>
    internal static long FreeMemory(Device device) =>
        (device.type == DeviceType.CUDA ? CudaDriver.Memory()?.Free : null) ?? HostMemory.Bytes;

    /// <summary>The share of a memory that fields may take.</summary>
    internal static long ShareOf(long memory) => (long)(memory * ShareOfMemory);

    /// <summary>The images themselves, on the host.</summary>
    public Dataset Data { get; }

    /// <summary>The examples to learn from.</summary>
    public FieldSource Train => _train.Value;

    /// <summary>The examples by which the best model is chosen.</summary>
    public FieldSource Validation => _validation.Value;

    /// <summary>The examples that are reported.</summary>
    public FieldSource Test => _test.Value;

    /// <summary>The first examples of the validation split, enough to choose the offsets of post-training rounding by.</summary>
    public FieldSource Rounding => _rounding.Value;

    /// <summary>The examples of a dataset, for a model on a device.</summary>
    /// <param name="data">The dataset.</param>
    /// <param name="network">The model.</param>
    /// <param name="task">The task, which makes fields of examples.</param>
    /// <param name="device">The device on which the fields are wanted.</param>
    /// <param name="atInput">Whether fields are wanted at the input plane, because devices differ before the first mask.</param>
    /// <param name="isTrained">Whether the model exists already, so that messages must not advise to change it.</param>
    /// <param name="cancellation">Stops the making of fields.</param>
    /// <exception cref="DataException">The classes do not fit the detector.</exception>
    public static Examples Of(Dataset data, OpticalModel network, LearningTask task, Device device, bool atInput = false, bool isTrained = false, CancellationToken cancellation = default)
    {
        task.CheckFits(data, isTrained);
        return new Examples(data, MemoryLimit(device), (split, limit) => new FieldSource(split, network, task, device, limit, atInput, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in new[] { _train, _validation, _test, _rounding })
        {
            if (source.IsValueCreated)
                source.Value.Dispose();
        }
    }

    private static Split First(Split split, long count) => split.Count <= count
        ? split
        : split.Slice(0, count);
}
