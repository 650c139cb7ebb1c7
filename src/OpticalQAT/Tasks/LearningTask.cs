using OpticalQAT.Data;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// The task of the light at the output plane: how examples become input fields, what the loss is, and what is
/// measured. A module, since a read-out may have parameters of its own that are learnt along with the heights.
/// </summary>
public abstract class LearningTask(string name) : nn.Module(name)
{
    /// <summary>The metrics that a measurement returns, in the order in which files have them. <see cref="Metric.Loss"/> marks the loss's place, which is the last where it is not named.</summary>
    public abstract IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The metric by which the best model is chosen: one of <see cref="Metrics"/>. At the same score the lower loss is better.</summary>
    public abstract Metric Score { get; }

    /// <summary>The metrics that a summary keeps of every model: the score, and what it must not be read without.</summary>
    public virtual IReadOnlyList<Metric> KeptScores => [Score];

    /// <summary>The remarks that a reader of the scores needs, in whole sentences.</summary>
    public virtual IEnumerable<string> Remarks => [];

    /// <summary>Whether the labels of the examples count.</summary>
    public virtual bool HasClasses => false;

    /// <summary>Refuses data that the task cannot be asked of; looks at the splits that were read.</summary>
    /// <param name="data">The data.</param>
    /// <param name="isTrained">Whether the processor exists already, so that the message must not advise to change it.</param>
    /// <exception cref="DataException">They do not fit; the message says what would.</exception>
    public abstract void CheckFits(Dataset data, bool isTrained = false);

    /// <summary>The input fields of a batch of examples.</summary>
    /// <param name="examples">B examples on the task's device.</param>
    /// <returns>complex64, [B, N, N]; [B, W, N, N] in light of several wavelengths (<see cref="Optics.OpticalSetting.Illuminate"/>).</returns>
    public abstract Tensor Encode(Examples examples);

    /// <summary>The target of each example of a batch, as <see cref="Loss"/> and <see cref="Measurement.Add"/> take it.</summary>
    /// <param name="examples">B examples on the task's device.</param>
    /// <returns>[B, …]; for classes int64, [B].</returns>
    public abstract Tensor Targets(Examples examples);

    /// <summary>The loss to be minimised, differentiable in the field and in the read-out's parameters.</summary>
    /// <param name="output">The light of B examples at the output plane.</param>
    /// <param name="targets">The target of each example, from <see cref="Targets"/>.</param>
    /// <returns>A scalar: the mean over the batch.</returns>
    public abstract Tensor Loss(Output output, Tensor targets);

    /// <summary>A measure of each example's part in the loss's curvature, for those who cannot look at all of them.</summary>
    /// <param name="output">The light of B examples at the output plane.</param>
    /// <returns>Real, [B], not negative.</returns>
    public virtual Tensor Uncertainties(Output output) => ones_like(output.Entered);

    /// <summary>
    /// Quantities of one example whose squared gradients add up to the curvature of its loss through what is read out
    /// (Gauss-Newton). By default the loss itself, whose squared gradient stands for it near a minimum.
    /// </summary>
    /// <param name="output">The light of one example at the output plane.</param>
    /// <param name="targets">The targets, from <see cref="Targets"/>.</param>
    /// <returns>[factors], differentiable in the field; there may be none.</returns>
    public virtual Tensor CurvatureFactors(Output output, Tensor targets) => Loss(output, targets).unsqueeze(0);

    /// <summary>Takes the read-out of another task, from whose model training starts, where it has one of the same form.</summary>
    public virtual void TakeOver(LearningTask given)
    {
    }

    /// <summary>A new, empty measurement.</summary>
    public abstract Measurement Measure();

    /// <summary>
    /// The same task with the read-out that suits given outputs best, in closed form: what can be had without learning.
    /// </summary>
    /// <param name="outputs">The light at the output plane and the targets, batch by batch.</param>
    /// <returns>A new task; null where the read-out has nothing that could be fitted.</returns>
    public virtual LearningTask? FittedTo(IEnumerable<(Output Output, Tensor Targets)> outputs) => null;

    /// <summary>
    /// Made-up examples that <see cref="Encode"/> and <see cref="Targets"/> take, to measure by how long a step takes. By default random images, or
    /// phases up to a radian, of the dataset's size, all of the first class.
    /// </summary>
    /// <param name="count">Their number.</param>
    /// <param name="outline">The outline of the dataset; null where it is not there, and images of 28 × 28 pixels do.</param>
    public virtual Examples TrialExamples(int count, DatasetOutline? outline)
    {
        using var scope = NewDisposeScope();
        var split = outline?.Splits.Select(part => part.Split).FirstOrDefault() ?? new SplitOutline(count, 28, 28);
        long[] shape = [count, split.Height, split.Width];
        var images = split.HasPhases ? rand(shape) : randint(0, 256, shape, ScalarType.Byte);
        return new Examples(
            images.MoveToOuterDisposeScope(), zeros([count], ScalarType.Int64).MoveToOuterDisposeScope(),
            split.HasAmplitudes ? rand(shape).MoveToOuterDisposeScope() : null);
    }

    /// <summary>The illustrations that a report has of the task beside its scores: samples with their light, for example, and the confusion of classes.</summary>
    /// <param name="measured">The model's measurement on the test split.</param>
    /// <param name="data">The examples, of which the test split is shown.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public virtual Illustration Illustrate(Measurement measured, Dataset data, IShownModel model) => Illustration.None;

    /// <summary>The metric of a name, as the task declares it; a plain number where a file has one that it does not declare.</summary>
    public Metric MetricOf(string name) =>
        AllMetrics().FirstOrDefault(metric => string.Equals(metric.Name, name, StringComparison.Ordinal)) ?? new Metric(name, MetricUnit.Number, HigherIsBetter: true);

    /// <summary>Whether one measurement of a model is better than another: by its score, and at the same score by a lower loss.</summary>
    public bool IsBetter(IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, double> others)
    {
        var (score, other) = (metrics[Score.Name], others[Score.Name]);
        return Score.IsBetter(score, other) || (score == other && metrics[Metric.Loss.Name] < others[Metric.Loss.Name]);
    }

    /// <summary>Everything that is learnt or gathered along with the heights, by name: the parameters, and the buffers that are to be kept.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> State()
    {
        var kept = state_dict().Keys.ToHashSet(StringComparer.Ordinal);
        return [.. named_parameters().Select(each => (each.name, (Tensor)each.parameter)), .. named_buffers().Where(each => kept.Contains(each.name)).Select(each => (each.name, each.buffer))];
    }

    /// <summary>The declared metrics with the loss in its place.</summary>
    /// <exception cref="InvalidOperationException">They contradict each other.</exception>
    internal IReadOnlyList<Metric> AllMetrics()
    {
        var all = Metrics.Contains(Metric.Loss) ? Metrics : [.. Metrics, Metric.Loss];
        if (all.GroupBy(metric => metric.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Contradiction($"would return two metrics '{twice.Key}'; each name stands for one");
        if (KeptScores.Prepend(Score).FirstOrDefault(metric => !all.Contains(metric)) is { } foreign)
            throw Contradiction($"does not return the metric '{foreign.Name}', which the task keeps as a score; add it to Metrics, or choose another score");
        return all;
    }

    /// <summary>An error in the task itself, which no configuration can mend.</summary>
    internal InvalidOperationException Contradiction(string what) => new($"the measurement of the task {GetType().Name} {what}");
}
