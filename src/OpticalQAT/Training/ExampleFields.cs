using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>
/// Examples as fields just before the first mask. Nothing up to there is learnt, so where the memory
/// allows each example is encoded and propagated once for the whole run; otherwise in every batch anew, to the same
/// values. Where devices differ before that mask, the fields are kept at the input plane instead, and every batch
/// is propagated anew: what has left the plane at the first mask could not be brought back. Everything stays on the device.
/// </summary>
public sealed class ExampleFields : IDisposable
{
    internal const int Chunk = 256;

    private readonly OpticalModel _network;
    private readonly LearningTask _task;
    private readonly Examples _examples;
    private readonly Tensor? _fields;
    private readonly Tensor? _entered;
    private readonly bool _atInput;

    /// <summary>The fields of examples on a device.</summary>
    /// <param name="examples">The examples, in the host's memory.</param>
    /// <param name="network">The model whose first mask the fields come to; its masks play no part.</param>
    /// <param name="task">The task, which makes fields of examples.</param>
    /// <param name="device">The device on which the fields are wanted.</param>
    /// <param name="memoryLimit">Bytes that the fields may take; beyond them they are worked out batch by batch.</param>
    /// <param name="atInput">Whether the fields are wanted at the input plane.</param>
    /// <param name="cancellation">Stops between two chunks.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public ExampleFields(Examples examples, OpticalModel network, LearningTask task, Device device, long memoryLimit, bool atInput = false, CancellationToken cancellation = default)
    {
        _network = network;
        _task = task;
        _atInput = atInput;
        Count = examples.Count;
        using var scope = NewDisposeScope();
        _examples = examples.CopyTo(device);
        var (n, lines) = (network.Grid.Size, network.Propagator.Lines.Count);
        if (BytesFor(Count, n, lines) > memoryLimit)
            return;
        _fields = empty(lines == 1 ? [Count, n, n] : [Count, lines, n, n], dtype: ScalarType.ComplexFloat32, device: device).DetachFromDisposeScope();
        _entered = empty([Count], device: device).DetachFromDisposeScope();
        try
        {
            Fill(_fields, _entered, cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of examples.</summary>
    public long Count { get; }

    /// <summary>The number of examples that are worked on at once where that is free: a field of them all takes at most a gibibyte.</summary>
    /// <param name="most">Their number where fields are small.</param>
    /// <param name="gridSize">Samples a side.</param>
    /// <param name="wavelengths">Wavelengths of the light.</param>
    internal static int AtOnce(int most, int gridSize, int wavelengths) =>
        (int)Math.Clamp((1L << 30) / BytesFor(1, gridSize, wavelengths), 1, most);

    /// <summary>The bytes of the fields that are kept; 0 where they are worked out batch by batch.</summary>
    internal long KeptBytes => _fields is null ? 0 : BytesFor(Count, _network.Grid.Size, _network.Propagator.Lines.Count);

    /// <summary>The bytes that the fields of so many examples take.</summary>
    public static long BytesFor(long count, int gridSize, int wavelengths = 1) => count * wavelengths * gridSize * gridSize * 8;

    /// <summary>The fields of some examples.</summary>
    /// <param name="indices">int64, [B], on the device.</param>
    public Batch Take(Tensor indices)
    {
        using var scope = NewDisposeScope();
        var examples = _examples.Take(indices);
        var targets = _task.Targets(examples);
        var (fields, entered) = _fields is not null
            ? (_fields.index_select(0, indices), _entered!.index_select(0, indices))
            : Compute(examples);
        return new Batch(fields.MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope(), entered.MoveToOuterDisposeScope(), _atInput);
    }

    /// <summary>The fields of all examples in their own order, in batches.</summary>
    public IEnumerable<Batch> InOrder(int batchSize)
    {
        for (var start = 0L; start < Count; start += batchSize)
        {
            using var indices = arange(start, Math.Min(start + batchSize, Count), dtype: ScalarType.Int64, device: _examples.Labels.device);
            yield return Take(indices);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _examples.Dispose();
        _fields?.Dispose();
        _entered?.Dispose();
    }

    private void Fill(Tensor ofFields, Tensor ofEntered, CancellationToken cancellation)
    {
        var chunk = AtOnce(Chunk, _network.Grid.Size, _network.Propagator.Lines.Count);
        for (var start = 0L; start < Count; start += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var end = Math.Min(start + chunk, Count);
            var (fields, entered) = Compute(_examples.Slice(start, end));
            ofFields.slice(0, start, end, 1).copy_(fields);
            ofEntered.slice(0, start, end, 1).copy_(entered);
        }
    }

    private (Tensor Fields, Tensor Entered) Compute(Examples examples)
    {
        using var untracked = no_grad();
        var input = _task.Encode(examples);
        var entered = Optics.Field.Intensity(input).sum([1, 2]);
        return (_atInput ? input : _network.ToFirstMask(input), entered);
    }
}

/// <summary>Some examples as fields, to be worked on at once.</summary>
/// <param name="Fields">complex64, [B, N, N] or [B, W, N, N], just before the first mask or at the input plane.</param>
/// <param name="Targets">The target of each, from the task.</param>
/// <param name="Entered">float32, [B], the power that entered.</param>
/// <param name="AtInput">Whether the fields are those at the input plane.</param>
public sealed record Batch(Tensor Fields, Tensor Targets, Tensor Entered, bool AtInput = false)
{
    /// <summary>The batch at the output plane.</summary>
    /// <param name="network">The design.</param>
    /// <param name="device">The device's deviation from the design; null for none.</param>
    /// <param name="progress">The progress of training, from 0 to 1.</param>
    public Output Through(OpticalModel network, DeviceErrors? device = null, double progress = 1) =>
        At(AtInput ? network.Forward(Fields, device) : network.FromFirstMask(Fields, device)) with { Reading = device?.Detector, Progress = progress };

    /// <summary>The batch at the output plane of a model that is trained, without errors.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], the fields there.</param>
    public Output At(Tensor field) => new(field, Entered);
}
