using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Tasks;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

/// <summary>The end of a run: its model is measured, and everything that comes out is written, <c>summary.json</c> last.</summary>
/// <param name="run">The run.</param>
/// <param name="directory">The folder of the run.</param>
/// <param name="threads">Threads that computed.</param>
/// <param name="report">Writes the report page and the figures; null leaves them out.</param>
internal sealed class RunConclusion(RunContext run, RunDirectory directory, int threads, ReportWriter? report)
{
    /// <summary>Measures the model on the test and the validation split, and writes model, metrics, report and summary.</summary>
    /// <param name="result">The model that the last phase left.</param>
    public Summary Write(OpticalModel result)
    {
        using var model = TrainedModel.Of(run.Experiment, result, run.Task, run.Fields.Data.ClassNames);
        using var test = Evaluator.Evaluate(result, run.Task, run.Fields.Test, run.Cancellation);
        using var validation = Evaluator.Evaluate(result, run.Task, run.Fields.Validation, run.Cancellation);
        model.Save(directory.ModelFile);
        run.Journal.WriteMetrics();

        var summary = Summarize(model, test.Result(), validation.Result());
        if (FaintLight.Remark(summary.Test) is { } faint)
            run.Note(faint);
        if (report is not null)
            run.Journal.AddFigures(summary.Steps, report(new FinishedRun(directory, model, RecordOf(summary), run.Fields, test), run.Cancellation));
        RunDirectory.WriteJson(directory.SummaryFile, summary);
        return summary;
    }

    private Summary Summarize(TrainedModel model, IReadOnlyDictionary<string, double> test, IReadOnlyDictionary<string, double> validation)
    {
        var (experiment, journal, scores) = (run.Experiment, run.Journal, run.Task.KeptScores);
        var quantized = experiment.Quantizer is not NoQuantizer;
        var (trained, seconds) = (journal.Epochs.Count(e => e.Seconds is not null) * run.Fields.Train.Count, journal.Epochs.Sum(e => e.Seconds ?? 0));
        return new Summary
        {
            Name = experiment.Name,
            Id = directory.Id,
            Task = KindNames.Of(experiment.Task),
            Device = run.Device.ToString(),
            Threads = threads,
            Quantizer = KindNames.Of(experiment.Quantizer),
            Gradient = quantized ? experiment.Quantizer.Gradient.ToString().ToLowerInvariant() : null,
            Levels = model.LevelCounts,
            Seed = experiment.Seed,
            Epochs = new PhaseEpochs(experiment.Training.FullPrecision.Epochs, experiment.Training.Quantized.Epochs),
            Steps = run.Steps,
            Seconds = Math.Round(journal.Seconds, 1),
            ImagesPerSecond = seconds > 0 ? Math.Round(trained / seconds, 1) : 0,
            Test = test,
            Validation = Only(validation, [.. scores, Metric.Loss]),
            FullPrecision = journal.FullPrecision is { } full ? new Dictionary<string, double>(Only(full, scores), StringComparer.Ordinal) { ["steps"] = run.StepsOf(experiment.Training.FullPrecision) } : null,
            PostTraining = journal.PostTraining is { } rounded ? Only(rounded, scores) : null,
            FreeSpace = FittedReadout.OfFreeSpace(model.Network, run.Task, run.Fields, run.Cancellation),
            Data = run.Inputs.Digest.Value.Text,
        };
    }

    private RunRecord RecordOf(Summary summary) => new()
    {
        Epochs = run.Journal.Epochs,
        FullPrecision = run.Journal.FullPrecision,
        PostTraining = run.Journal.PostTraining,
        Summary = summary,
        Data = run.Inputs.Digest.Value,
    };

    private static Dictionary<string, double> Only(IReadOnlyDictionary<string, double> metrics, IEnumerable<Metric> kept) =>
        kept.ToDictionary(metric => metric.Name, metric => metrics[metric.Name], StringComparer.Ordinal);
}
