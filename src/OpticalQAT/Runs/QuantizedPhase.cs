using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Tasks;

namespace OpticalQAT.Runs;

/// <summary>
/// Phase two: training through the quantizer, from the model of phase one rounded to the levels, which is the second baseline.
/// Without a quantizer full precision continues for as many steps, the fair reference for quantized runs.
/// </summary>
/// <param name="run">The run, shared by its phases.</param>
internal sealed class QuantizedPhase(RunContext run) : RunPhase(run)
{
    /// <summary>The name in files.</summary>
    public const string NameInFiles = "quantized";

    /// <inheritdoc/>
    public override string Name => NameInFiles;

    private bool IsQuantized => Run.Experiment.Quantizer is not NoQuantizer;

    /// <inheritdoc/>
    public override PhaseResult Execute(PhaseResult before)
    {
        var model = Start(before.Model);
        var training = Run.Experiment.Training;
        var settings = Run.Settings(Name, training.Quantized, stepsBefore: Run.StepsOf(training.FullPrecision)) with
        {
            SoftForward = IsQuantized && (model.Masks.Forward is not TrainingForward.Printed || Run.Experiment.Quantizer.SwitchOn is not AtOnce),
            LossBefore = IsQuantized ? before.Loss : null,
        };
        return new PhaseResult(model, Run.Train(model, settings)[Metric.Loss.Name]);
    }

    /// <summary>The model that is trained: without a quantizer the initial one, otherwise one at levels.</summary>
    private OpticalModel Start(OpticalModel initial)
    {
        // A phase that is resumed takes its positions from the checkpoint, and the baseline was measured before.
        var positions = Run.Journal.IsResumedIn(Name) || Run.Experiment.Levels is null ? null : new RoundedBaseline(Run, initial).Measure();
        return IsQuantized ? Run.AtLevels(positions ?? initial.Masks.Position.detach()) : initial;
    }
}
