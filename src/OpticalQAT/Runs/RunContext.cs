using OpticalQAT.Models;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>The state that the phases of a run share.</summary>
/// <param name="Experiment">The experiment that is run.</param>
/// <param name="Inputs">The data that it reads.</param>
/// <param name="Task">The task, on the device.</param>
/// <param name="Fields">The examples as fields, on the device.</param>
/// <param name="Device">The device that computes.</param>
/// <param name="Journal">The run's files.</param>
/// <param name="Watch">Told of every step and epoch, and of what is worth reading.</param>
/// <param name="Cancellation">Interrupts the run.</param>
internal sealed record RunContext(
    Experiment Experiment, TrainingInputs Inputs, LearningTask Task, DatasetFields Fields, Device Device, RunJournal Journal, Action<TrainingEvent> Watch, CancellationToken Cancellation)
{
    /// <summary>Optimizer steps of the whole run.</summary>
    public long Steps => StepsOf(Experiment.Training.FullPrecision) + StepsOf(Experiment.Training.Quantized);

    /// <summary>Optimizer steps of a phase.</summary>
    public long StepsOf(PhaseOptions phase) =>
        phase.Epochs * ((Fields.Train.Count + Experiment.Training.BatchSize - 1) / Experiment.Training.BatchSize);

    /// <summary>Tells a sentence worth reading.</summary>
    public void Note(string text) => Watch(new Noted(text));

    /// <summary>The experiment's model at its levels, on the device.</summary>
    /// <param name="positions">float32, [L, n, n], level units.</param>
    public OpticalModel AtLevels(Tensor positions) => Experiment.BuildQuantized(positions).to(Device);

    /// <summary>The metrics of a model on the test split.</summary>
    public Dictionary<string, double> Test(OpticalModel model)
    {
        using var measurement = Evaluator.Evaluate(model, Task, Fields.Test, Cancellation);
        return measurement.Result().ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The settings of a phase of training, as far as all phases have them.</summary>
    /// <param name="phase">The phase's name.</param>
    /// <param name="options">The options of the phase.</param>
    /// <param name="stepsBefore">Steps of the phases before it.</param>
    public TrainerSettings Settings(string phase, PhaseOptions options, long stepsBefore) =>
        new(phase, options, Experiment.Training.BatchSize, Experiment.Seed, stepsBefore, SoftForward: false) { Errors = Experiment.Perturbation.Errors };

    /// <summary>Trains through a phase, from the checkpoint where that stands in it, and leaves the best model by validation in the given one.</summary>
    /// <returns>The validation metrics of the best model.</returns>
    public IReadOnlyDictionary<string, double> Train(OpticalModel model, TrainerSettings settings)
    {
        var trainer = new Trainer(model, Task, Fields.Train, Fields.Validation, settings);
        Journal.Restore(trainer, model, Task, settings.Phase);
        trainer.Run(Follow, () => Journal.Keep(trainer, model, Task, settings, isInterrupted: Cancellation.IsCancellationRequested), Cancellation, () => Journal.IsCheckpointDue);
        return trainer.State.BestValidation!;

        void Follow(TrainingEvent happened)
        {
            if (happened is EpochDone { Record: var record })
                Journal.Add(record, model.Masks);
            Watch(happened);
        }
    }
}
