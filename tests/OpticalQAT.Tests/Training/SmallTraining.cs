using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

/// <summary>A phase of the small experiment, ready to run: the model, the data as fields, the trainer.</summary>
internal sealed class SmallTraining : IDisposable
{
    public SmallTraining(Experiment experiment, TrainerSettings? settings = null, Device? device = null)
    {
        device ??= CPU;
        Task = experiment.Task.Build(experiment.Optics).to(device);
        Network = Build(experiment).to(device);
        Fields = DatasetFields.Of(experiment.Task.Dataset.Load(), Network, Task, device, experiment.Perturbation.ReachesInput);
        Trainer = new Trainer(Network, Task, Fields.Train, Fields.Validation, settings ?? Settings(experiment));
    }

    public LearningTask Task { get; }

    public OpticalModel Network { get; }

    public DatasetFields Fields { get; }

    public Trainer Trainer { get; }

    public List<EpochRecord> Epochs { get; } = [];

    public List<double?> Losses { get; } = [];

    public static TrainerSettings Settings(Experiment experiment) => new(
        "quantized", experiment.Training.Quantized, experiment.Training.BatchSize, experiment.Seed, StepsBefore: 8, SoftForward: false)
    {
        Errors = experiment.Perturbation.Errors,
    };

    /// <summary>Trains to the end, keeping what is told.</summary>
    public SmallTraining Run(Action<TrainingEvent>? watch = null, Action? checkpoint = null, CancellationToken cancellation = default)
    {
        Trainer.Run(Watch, checkpoint ?? (() => { }), cancellation);
        return this;

        void Watch(TrainingEvent happened)
        {
            if (happened is EpochDone { Record: var record })
                Epochs.Add(record);
            if (happened is StepDone step)
                Losses.Add(step.MeanLoss);
            watch?.Invoke(happened);
        }
    }

    private static OpticalModel Build(Experiment experiment)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        return experiment.Quantizer is NoQuantizer
            ? experiment.Model.Build(experiment.Optics, experiment.Levels, generator)
            : experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, SmallExperiment.Positions());
    }

    public void Dispose()
    {
        Trainer.State.Best?.Dispose();
        Fields.Dispose();
        Network.Dispose();
        Task.Dispose();
    }
}
