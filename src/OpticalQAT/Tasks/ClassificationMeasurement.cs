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
    private readonly List<Tensor> _signals = [];
    private Tensor? _sums;
    private Tensor? _confusion;

    /// <inheritdoc/>
    public override void Add(Tensor output, Tensor targets, Tensor entered)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var powers = task.Powers(output);
        var signals = task.Detector.Signals(powers);
        var predicted = signals.argmax(1);
        var loss = nn.functional.cross_entropy(task.Scores(signals), targets, reduction: nn.Reduction.Sum);
        var (highest, _) = signals.topk(2, dim: 1);
        var contrast = task.Detector.Contrast(highest.select(1, 0), highest.select(1, 1)).sum();
        var efficiency = (powers.sum(1) / entered.clamp(min: float.Epsilon)).sum();
        var correct = predicted.eq(targets).sum().to(ScalarType.Float64);
        var sums = stack([correct, loss.to(ScalarType.Float64), efficiency.to(ScalarType.Float64), contrast.to(ScalarType.Float64)]);
        var confusion = (targets * _classes + predicted).bincount(null, minlength: _classes * _classes);
        _signals.Add(signals.DetachFromDisposeScope());
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
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["accuracy"] = sums[0] / count,
            ["loss"] = sums[1] / count,
            ["efficiency"] = sums[2] / count,
            ["contrast"] = sums[3] / count,
        };
    }

    /// <summary>How often each class (row) was taken for each class (column).</summary>
    public long[,] Confusion()
    {
        using var counts = (_confusion ?? throw new InvalidOperationException("nothing has been measured")).cpu();
        var flat = counts.data<long>().ToArray();
        var matrix = new long[_classes, _classes];
        for (var i = 0; i < flat.Length; i++)
            matrix[i / _classes, i % _classes] = flat[i];
        return matrix;
    }

    /// <summary>The detector's signal for each class, for every example in the order in which it was added.</summary>
    /// <returns>[examples, classes].</returns>
    public float[,] Signals()
    {
        using var scope = NewDisposeScope();
        using var all = cat(_signals).cpu();
        var flat = all.data<float>().ToArray();
        var signals = new float[all.shape[0], _classes];
        Buffer.BlockCopy(flat, 0, signals, 0, flat.Length * sizeof(float));
        return signals;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _signals.ForEach(batch => batch.Dispose());
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
