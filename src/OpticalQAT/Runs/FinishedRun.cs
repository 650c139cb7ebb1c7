using OpticalQAT.Tasks;

namespace OpticalQAT.Runs;

/// <summary>Everything that a run has when it is finished: what a report is made of.</summary>
/// <param name="Directory">The folder of the run.</param>
/// <param name="Model">The trained model.</param>
/// <param name="Record">Epochs, baselines, result.</param>
/// <param name="Fields">The examples as fields, of which the test split is shown.</param>
/// <param name="Test">The model's measurement on the test split.</param>
public sealed record FinishedRun(RunDirectory Directory, TrainedModel Model, RunRecord Record, DatasetFields Fields, Measurement Test);

/// <summary>Writes the report of a finished run.</summary>
/// <param name="run">The run; what is in it remains the caller's.</param>
/// <param name="cancellation">Stops it before the first file is written.</param>
/// <returns>The figures as PNG, by file name.</returns>
public delegate IReadOnlyDictionary<string, byte[]> ReportWriter(FinishedRun run, CancellationToken cancellation);
