namespace OpticalQAT.Training;

/// <summary>An event of a run, for whoever watches it.</summary>
public abstract record TrainingEvent;

/// <summary>A sentence worth reading.</summary>
public sealed record Noted(string Message) : TrainingEvent;

/// <summary>A phase begins, or goes on after a resume.</summary>
/// <param name="Phase"><c>full_precision</c> or <c>quantized</c>.</param>
/// <param name="Epochs">All epochs of the phase.</param>
/// <param name="StepsPerEpoch">Steps in each.</param>
public sealed record PhaseStarted(string Phase, int Epochs, int StepsPerEpoch) : TrainingEvent;

/// <summary>A step is done.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">The step in the epoch, from 1.</param>
/// <param name="MeanLoss">The mean loss of the epoch so far, where it is known without waiting for the device.</param>
/// <param name="ImagesPerSecond">The rate of the epoch so far.</param>
public sealed record StepDone(string Phase, int Epoch, int Step, double? MeanLoss, double ImagesPerSecond) : TrainingEvent;

/// <summary>An epoch is done.</summary>
public sealed record EpochDone(EpochRecord Record) : TrainingEvent;
