using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>A dataset as fields on a device. A split becomes fields when it is first asked for: the test split at the end.</summary>
public sealed class DatasetFields : IDisposable
{
    internal const int RoundingCount = 1000;
    private const double ShareOfMemory = 0.4;

    private readonly Lazy<ExampleFields> _train;
    private readonly Lazy<ExampleFields> _validation;
    private readonly Lazy<ExampleFields> _test;
    private readonly Lazy<ExampleFields> _rounding;

    private long _left;

    private DatasetFields(Dataset data, long memoryLimit, Func<Examples, long, ExampleFields> fieldsOf)
    {
        (Data, _left) = (data, memoryLimit);
        _train = new(() => Kept(data.Train));
        _validation = new(() => Kept(data.Validation));
        _test = new(() => Kept(data.Test));
        _rounding = new(() => Kept(First(data.Validation, RoundingCount)));

        // Each split gets what those before it have left.
        ExampleFields Kept(Examples examples)
        {
            var fields = fieldsOf(examples, _left);
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

    /// <summary>Those to learn from.</summary>
    public ExampleFields Train => _train.Value;

    /// <summary>Those by which the best model is chosen.</summary>
    public ExampleFields Validation => _validation.Value;

    /// <summary>Those that are reported.</summary>
    public ExampleFields Test => _test.Value;

    /// <summary>The first of the validation split, enough to choose the offsets of post-training rounding by.</summary>
    public ExampleFields Rounding => _rounding.Value;

    /// <summary>The fields of a dataset, for a model on a device.</summary>
    /// <param name="data">The dataset.</param>
    /// <param name="network">The model.</param>
    /// <param name="task">The task, which makes fields of examples.</param>
    /// <param name="device">The device on which the fields are wanted.</param>
    /// <param name="atInput">Whether fields are wanted at the input plane, because devices differ before the first mask.</param>
    /// <param name="isTrained">Whether the model exists already, so that messages must not advise to change it.</param>
    /// <param name="cancellation">Stops the making of fields.</param>
    /// <exception cref="DataException">The classes do not fit the detector.</exception>
    public static DatasetFields Of(Dataset data, OpticalModel network, LearningTask task, Device device, bool atInput = false, bool isTrained = false, CancellationToken cancellation = default)
    {
        task.CheckFits(data, isTrained);
        return new DatasetFields(data, MemoryLimit(device), (examples, limit) => new ExampleFields(examples, network, task, device, limit, atInput, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var fields in new[] { _train, _validation, _test, _rounding })
        {
            if (fields.IsValueCreated)
                fields.Value.Dispose();
        }
    }

    private static Examples First(Examples examples, long count) => examples.Count <= count
        ? examples
        : examples.Slice(0, count);
}
