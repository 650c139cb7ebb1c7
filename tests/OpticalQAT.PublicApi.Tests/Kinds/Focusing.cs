using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Brings the light of every example to the middle of the output plane. The score is the share that misses it.</summary>
[Kind("focusing")]
public sealed record Focusing : TaskKind
{
    /// <inheritdoc/>
    public override LearningTask Build(OpticalSetting setting) => new FocusingTask(setting);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting) => [];
}

/// <summary>The task on a grid.</summary>
public sealed class FocusingTask(OpticalSetting setting) : LearningTask(nameof(FocusingTask))
{
    /// <summary>The share of the light that misses the middle.</summary>
    public static Metric Missed { get; } = new("missed", MetricUnit.Fraction, HigherIsBetter: false);

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => [Missed];

    /// <inheritdoc/>
    public override Metric Score => Missed;

    /// <inheritdoc/>
    public override void CheckFits(Dataset data, bool isTrained = false)
    {
    }

    /// <inheritdoc/>
    public override Tensor Encode(Examples examples) => new AmplitudeEncoding().Encode(examples.Images, setting.Grid);

    /// <inheritdoc/>
    public override Tensor Targets(Examples examples) => examples.Labels.alias();

    /// <inheritdoc/>
    public override Tensor Loss(Output output, Tensor targets) => MissedOf(output).mean();

    /// <inheritdoc/>
    public override Measurement Measure() => new Gathered(this);

    private Tensor MissedOf(Output output)
    {
        using var scope = NewDisposeScope();
        var quarter = setting.Grid.Size / 4;
        var middle = Field.Intensity(output.Field).narrow(1, quarter, 2 * quarter).narrow(2, quarter, 2 * quarter).sum([1, 2]);
        return (1 - output.Read(middle.unsqueeze(1)).squeeze(1) / output.Entered).MoveToOuterDisposeScope();
    }

    private sealed class Gathered(FocusingTask task) : Measurement(task)
    {
        private double _missed;
        private long _count;

        public override double Loss => _missed / _count;

        public override void Add(Output output, Tensor targets)
        {
            using var scope = NewDisposeScope();
            _missed += task.MissedOf(output).sum().item<float>();
            _count += targets.shape[0];
        }

        public override void Dispose()
        {
        }

        protected override IReadOnlyDictionary<Metric, double> Values() => new Dictionary<Metric, double> { [Missed] = Loss };
    }
}
