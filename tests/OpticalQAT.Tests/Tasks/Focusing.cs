using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

/// <summary>
/// A task as an author outside the library writes one: the light of every example is to end in the middle of the output
/// plane. Its score is the share that misses it, of which less is better.
/// </summary>
[Kind("focusing")]
internal sealed record Focusing : TaskKind
{
    /// <summary>The metrics that the task declares; by default those that it returns.</summary>
    internal IReadOnlyList<Metric> Declared { get; init; } = [FocusingTask.Missed, FocusingTask.Brightness];

    /// <inheritdoc/>
    public override FocusingTask Build(OpticalSetting setting) => new(setting, Declared);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting) => [];
}

/// <summary>The task on a grid. What it has seen in training it keeps in a buffer, and weighs its loss by it.</summary>
internal sealed class FocusingTask : LearningTask
{
    private readonly Grid _grid;

    [ComponentName(Name = "seen")]
    private readonly Tensor _seen;

    public FocusingTask(OpticalSetting setting, IReadOnlyList<Metric> declared) : base(nameof(FocusingTask))
    {
        (_grid, Metrics) = (setting.Grid, declared);
        _seen = ones(1).DetachFromDisposeScope();
        RegisterComponents();
    }

    public static Metric Missed { get; } = new("missed", MetricUnit.Fraction, HigherIsBetter: false);

    public static Metric Brightness { get; } = new("brightness", MetricUnit.Number, HigherIsBetter: true);

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics { get; }

    /// <inheritdoc/>
    public override Metric Score => Missed;

    /// <inheritdoc/>
    public override void CheckFits(Dataset data, bool isTrained = false)
    {
    }

    /// <inheritdoc/>
    public override Tensor Encode(Examples examples) => new AmplitudeEncoding().Encode(examples.Images, _grid);

    /// <inheritdoc/>
    public override Tensor Targets(Examples examples) => examples.Labels.alias();

    /// <inheritdoc/>
    public override Tensor Loss(Output output, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var missed = MissedOf(output).mean();
        var loss = missed / _seen.mean();
        using (no_grad())
        {
            if (output.Progress < 1)
                _seen.mul_(0.9).add_(missed.detach() * 0.1);
        }
        return loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Measurement Measure() => new Gathered(this);

    /// <summary>The share of the light that misses the middle.</summary>
    private Tensor MissedOf(Output output)
    {
        using var scope = NewDisposeScope();
        var quarter = _grid.Size / 4;
        var middle = Field.Intensity(output.Field).narrow(1, quarter, 2 * quarter).narrow(2, quarter, 2 * quarter).sum([1, 2]);
        return (1 - output.Read(middle.unsqueeze(1)).squeeze(1) / output.Entered).MoveToOuterDisposeScope();
    }

    private sealed class Gathered(FocusingTask task) : Measurement(task)
    {
        private double _missed;
        private long _count;

        /// <inheritdoc/>
        public override double Loss => _missed / _count;

        /// <inheritdoc/>
        public override void Add(Output output, Tensor targets)
        {
            using var scope = NewDisposeScope();
            _missed += task.MissedOf(output).sum().item<float>();
            _count += targets.shape[0];
        }

        /// <inheritdoc/>
        protected override IReadOnlyDictionary<Metric, double> Values() => new Dictionary<Metric, double> { [Missed] = Loss, [Brightness] = 1 / Loss };

        /// <inheritdoc/>
        public override void Dispose()
        {
        }
    }
}
