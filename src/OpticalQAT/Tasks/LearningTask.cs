using OpticalQAT.Data;
using OpticalQAT.Models.Perturbations;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// What is asked of the light at the output plane: how examples become input fields, what the loss is, and what is
/// measured. A module, since a read-out may have parameters of its own that are learnt along with the heights.
/// </summary>
public abstract class LearningTask(string name) : nn.Module(name)
{
    /// <summary>The metric by which the best model is chosen; more is better.</summary>
    public abstract string Score { get; }

    /// <summary>The metrics that a summary keeps of every model: the score, and what it must not be read without.</summary>
    public virtual IReadOnlyList<string> KeptScores => [Score];

    /// <summary>What a reader of the scores must know, in whole sentences.</summary>
    public virtual IEnumerable<string> Remarks => [];

    /// <summary>How far training is, from 0 to 1: what the schedules of the loss follow. A model that is not trained stands at the end.</summary>
    public double Progress { get; set; } = 1;

    /// <summary>The errors of the detector that reads the output, while a fabricated device is computed; null reads exactly.</summary>
    public DetectorErrors? Reading { get; set; }

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
    public abstract Tensor Encode(Split examples);

    /// <summary>What is right for each example of a batch, as <see cref="Loss"/> and <see cref="Measurement.Add"/> take it.</summary>
    /// <param name="examples">B examples on the task's device.</param>
    /// <returns>[B, …]; for classes int64, [B].</returns>
    public abstract Tensor Targets(Split examples);

    /// <summary>The loss to be minimised, differentiable in the field and in the read-out's parameters.</summary>
    /// <param name="output">complex64, [B, N, N], the field at the output plane.</param>
    /// <param name="targets">What is right for each example, from <see cref="Targets"/>.</param>
    /// <param name="entered">float32, [B], the power that entered: the sum of |u|² over the input plane.</param>
    /// <returns>A scalar: the mean over the batch.</returns>
    public abstract Tensor Loss(Tensor output, Tensor targets, Tensor entered);

    /// <summary>How much each example tells of the loss's curvature, for those who cannot look at all of them.</summary>
    /// <param name="output">complex64, [B, N, N], the field at the output plane.</param>
    /// <param name="entered">float32, [B], the power that entered.</param>
    /// <returns>Real, [B], not negative.</returns>
    public virtual Tensor Uncertainties(Tensor output, Tensor entered) => ones_like(entered);

    /// <summary>
    /// Quantities of one example whose squared gradients add up to the curvature of its loss through what is read out
    /// (Gauss-Newton). By default the loss itself, whose squared gradient stands for it near a minimum.
    /// </summary>
    /// <param name="output">complex64, [1, N, N], the field at the output plane.</param>
    /// <param name="targets">What is right, from <see cref="Targets"/>.</param>
    /// <param name="entered">float32, [1], the power that entered.</param>
    /// <returns>[factors], differentiable in the field; there may be none.</returns>
    public virtual Tensor CurvatureFactors(Tensor output, Tensor targets, Tensor entered) => Loss(output, targets, entered).unsqueeze(0);

    /// <summary>Takes the read-out of another task, from whose model training starts, where it has one of the same form.</summary>
    public virtual void TakeOver(LearningTask given)
    {
    }

    /// <summary>Powers as the detector reads them: whatever a task makes of the light at the output, it makes of these.</summary>
    /// <param name="powers">Real, [B, …]: what each element of the detector receives.</param>
    /// <param name="entered">float32, [B], the power that entered.</param>
    internal Tensor Read(Tensor powers, Tensor entered) => Reading is { } errors ? errors.Read(powers, entered) : powers;

    /// <summary>A new, empty measurement.</summary>
    public abstract Measurement Measure();

    /// <summary>
    /// The same task with the read-out that suits given outputs best, in closed form: what can be had without learning.
    /// </summary>
    /// <param name="outputs">Fields complex64, [B, N, N], and their targets, batch by batch.</param>
    /// <returns>A new task; null where the read-out has nothing that could be fitted.</returns>
    public virtual LearningTask? FittedTo(IEnumerable<(Tensor Output, Tensor Targets)> outputs) => null;
}

/// <summary>Metrics over many batches, summed up on the device so that no batch waits for the host.</summary>
public abstract class Measurement : IDisposable
{
    /// <summary>Adds a batch.</summary>
    /// <param name="output">complex64, [B, N, N], the field at the output plane.</param>
    /// <param name="targets">What is right for each example, from <see cref="LearningTask.Targets"/>.</param>
    /// <param name="entered">float32, [B], the power that entered: the sum of |u|² over the input plane.</param>
    public abstract void Add(Tensor output, Tensor targets, Tensor entered);

    /// <summary>The metrics by name: fractions, never percent.</summary>
    public abstract IReadOnlyDictionary<string, double> Result();

    /// <inheritdoc/>
    public abstract void Dispose();
}
