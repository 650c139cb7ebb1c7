using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>Post-training quantization of a run's full-precision model: the second baseline, and where training through the levels starts from.</summary>
/// <param name="run">The run.</param>
/// <param name="model">The model in full precision.</param>
internal sealed class RoundedBaseline(RunContext run, OpticalModel model)
{
    private readonly PostTraining _rounding = new(model, run.Experiment.Levels!);

    /// <summary>Rounds the model, and measures it on the test split where the full-precision model was measured.</summary>
    /// <returns>The positions, float32, [L, n, n], level units.</returns>
    public Tensor Measure()
    {
        run.Note("Rounding the full-precision model to the levels.");
        var positions = _rounding.Positions(Offsets());
        using var rounded = run.AtLevels(positions);
        FittedReadout.Improve(rounded, run.Task, run.Fields.Rounding, run.Cancellation);
        if (run.Journal.FullPrecision is not null)
            run.Journal.PostTraining = run.Test(rounded);
        return positions;
    }

    /// <summary>The offset of each layer, in metres: those that a run on the same start has found, otherwise those that score best.</summary>
    private IReadOnlyList<double> Offsets()
    {
        var key = ConfigurationWriter.WriteInline(run.Experiment.Quantizer with { Gradient = default });
        if (run.Inputs.Offsets?.TryGetValue(key, out var known) is true)
            return known;
        var found = _rounding.ChooseOffsets(trial => Score(trial));
        run.Inputs.Offsets?.Add(key, found);
        return found;
    }

    private double Score(Tensor trial)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        using var candidate = run.AtLevels(trial);
        using var measurement = Evaluator.Evaluate(candidate, run.Task, run.Fields.Rounding, run.Cancellation);
        return run.Task.Score.Merit(measurement.Result()[run.Task.Score.Name]);
    }
}
