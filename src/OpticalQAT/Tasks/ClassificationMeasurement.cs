using OpticalQAT.Formats;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// Accuracy and loss, and beside them what normalised scores hide: the <em>efficiency</em>, power in the detector
/// regions over the power that entered, and the <em>contrast</em> of the two classes of the highest signals, for plain
/// detection (P₁-P₂)/(P₁+P₂); both are means over the examples.
/// </summary>
public sealed class ClassificationMeasurement(ClassificationTask task) : Measurement
{
    private readonly int _classes = task.Detector.ClassCount;
    private readonly List<Tensor> _shown = [];
    private Tensor? _sums;
    private Tensor? _confusion;

    /// <inheritdoc/>
    public override void Add(Tensor output, Tensor targets, Tensor entered)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var light = task.Detect(output, entered);
        var signals = light.Signals;
        var shown = task.IsHybrid ? task.Scores(light).softmax(1) : signals;
        var (predicted, seen) = (shown.argmax(1), signals.argmax(1));
        var (_, highest) = signals.topk(2, dim: 1);
        var contrast = task.Detector.Contrast(light.Powers, highest.select(1, 0), highest.select(1, 1));
        var efficiency = light.Powers.sum(1) / entered.clamp(min: float.Epsilon);
        Tensor[] metrics = [seen.eq(targets), task.Losses(light, targets), efficiency, contrast, predicted.eq(targets)];
        var sums = stack(metrics.Select(metric => metric.to(ScalarType.Float64).sum()));
        var confusion = (targets * _classes + predicted).bincount(null, minlength: _classes * _classes);
        _shown.Add(shown.DetachFromDisposeScope());
        Accumulate(ref _sums, sums);
        Accumulate(ref _confusion, confusion);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Result()
    {
        if (_sums is null || _confusion is null)
            throw new InvalidOperationException("nothing has been measured");
        using var scope = NewDisposeScope();
        var sums = _sums.cpu().data<double>().ToArray();
        var count = (double)_confusion.sum().item<long>();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [ClassificationTask.Accuracy] = sums[0] / count,
            ["loss"] = sums[1] / count,
            ["efficiency"] = sums[2] / count,
            ["contrast"] = sums[3] / count,
        };
        if (task.IsHybrid)
            metrics.Add(ClassificationTask.HybridAccuracy, sums[4] / count);
        return metrics;
    }

    /// <summary>How often each class (row) was taken for each class (column), by the read-out where there is one.</summary>
    public long[,] Confusion()
    {
        using var counts = (_confusion ?? throw new InvalidOperationException("nothing has been measured")).cpu();
        var flat = counts.data<long>().ToArray();
        var matrix = new long[_classes, _classes];
        for (var i = 0; i < flat.Length; i++)
            matrix[i / _classes, i % _classes] = flat[i];
        return matrix;
    }

    /// <summary>The detector's signal for each class, or with a read-out the probability that it gives the class, for every example in the order in which it was added.</summary>
    /// <returns>[examples, classes].</returns>
    public float[,] Shown()
    {
        using var scope = NewDisposeScope();
        using var all = cat(_shown).cpu();
        return TensorArrays.Plane(all);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _shown.ForEach(batch => batch.Dispose());
        _sums?.Dispose();
        _confusion?.Dispose();
    }

    private static void Accumulate(ref Tensor? sum, Tensor batch)
    {
        if (sum is null)
            sum = batch.DetachFromDisposeScope();
        else
            sum.add_(batch);
    }
}
