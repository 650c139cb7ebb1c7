using OpticalQAT.Tasks;

namespace OpticalQAT.Runs;

/// <summary>Phase one: heights are learnt without regard to levels. Its best model is the first baseline on the test split.</summary>
/// <param name="run">The run, shared by its phases.</param>
internal sealed class FullPrecisionPhase(RunContext run) : RunPhase(run)
{
    /// <summary>The name in files.</summary>
    public const string NameInFiles = "full_precision";

    /// <inheritdoc/>
    public override string Name => NameInFiles;

    /// <inheritdoc/>
    public override PhaseResult Execute(PhaseResult before)
    {
        var (model, training) = (before.Model, Run.Experiment.Training);
        var loss = Run.Train(model, Run.Settings(Name, training.FullPrecision, stepsBefore: 0))[Metric.Loss.Name];
        // Initial heights that nobody has trained are no baseline.
        if (training.FullPrecision.Epochs > 0 || training.StartFrom is not null)
            Run.Journal.FullPrecision = Run.Test(model);
        return new PhaseResult(model, loss);
    }
}
