using OpticalQAT.Formats;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// Accuracy and loss, and beside them what normalised scores hide: the <em>efficiency</em>, power in the detector
/// regions over the power that entered, and the <em>contrast</em> of the two classes of the highest signals, for plain
/// detection (P₁-P₂)/(P₁+P₂); both are means over the examples.
/// </summary>
public sealed class ClassificationMeasurement(ClassificationTask task) : Measurement(task)
{
    private readonly int _classes = task.Detector.ClassCount;
    private readonly List<Tensor> _shown = [];
    private Tensor? _sums;
    private Tensor? _confusion;

    /// <inheritdoc/>
    public override void Add(Output output, Tensor targets)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var light = task.Detect(output);
        var signals = light.Signals;
        var shown = task.IsHybrid ? task.Scores(light).softmax(1) : signals;
        var (predicted, seen) = (shown.argmax(1), signals.argmax(1));
        var (_, highest) = signals.topk(2, dim: 1);
        var contrast = task.Detector.Contrast(light.Powers, highest.select(1, 0), highest.select(1, 1));
        var efficiency = light.Powers.sum(1) / output.Entered.clamp(min: float.Epsilon);
        Tensor[] metrics = [seen.eq(targets), task.Losses(light, targets, output.Progress), efficiency, contrast, predicted.eq(targets)];
        var sums = stack(metrics.Select(metric => metric.to(ScalarType.Float64).sum()));
        var confusion = (targets * _classes + predicted).bincount(null, minlength: _classes * _classes);
        _shown.Add(shown.DetachFromDisposeScope());
        Accumulate(ref _sums, sums);
        Accumulate(ref _confusion, confusion);
    }

    /// <inheritdoc/>
    public override double Loss => Means()[1];

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<Metric, double> Values()
    {
        var means = Means();
        var metrics = new Dictionary<Metric, double> { [ClassificationTask.Accuracy] = means[0], [Metric.Efficiency] = means[2], [ClassificationTask.Contrast] = means[3] };
        if (task.IsHybrid)
            metrics.Add(ClassificationTask.HybridAccuracy, means[4]);
        return metrics;
    }

    /// <summary>The number of times that each class (row) was taken for each class (column), by the read-out where there is one.</summary>
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

    /// <summary>The means of what <see cref="Add"/> sums up, in its order.</summary>
    private double[] Means()
    {
        if (_sums is null || _confusion is null)
            throw new InvalidOperationException("nothing has been measured");
        using var scope = NewDisposeScope();
        var count = (double)_confusion.sum().item<long>();
        return [.. _sums.cpu().data<double>().ToArray().Select(sum => sum / count)];
    }

    private static void Accumulate(ref Tensor? sum, Tensor batch)
    {
        if (sum is null)
            sum = batch.DetachFromDisposeScope();
        else
            sum.add_(batch);
    }
}
