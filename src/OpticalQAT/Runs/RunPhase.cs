using OpticalQAT.Models;

namespace OpticalQAT.Runs;

/// <summary>A phase of a run: it takes the model that the phase before it left, and leaves one itself.</summary>
/// <param name="run">The run, shared by its phases.</param>
internal abstract class RunPhase(RunContext run)
{
    /// <summary>The name in metrics, checkpoints and events, in snake_case.</summary>
    public abstract string Name { get; }

    /// <summary>The run, shared by its phases.</summary>
    protected RunContext Run { get; } = run;

    /// <summary>Works through the phase, from the checkpoint where that stands in it.</summary>
    /// <param name="before">The result of the phase before; of the first one the initial model.</param>
    /// <returns>The phase's best model by validation.</returns>
    /// <exception cref="OperationCanceledException">The run was interrupted, and its state is kept.</exception>
    /// <exception cref="Training.TrainingFailedException">Training diverged.</exception>
    public abstract PhaseResult Execute(PhaseResult before);
}

/// <summary>The state that one phase leaves to the next.</summary>
/// <param name="Model">The model, on its device.</param>
/// <param name="Loss">The model's hard validation loss; null where this process did not measure it.</param>
internal sealed record PhaseResult(OpticalModel Model, double? Loss);
