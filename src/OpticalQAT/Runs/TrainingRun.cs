using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Runtime;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>
/// One run of an experiment, from the configuration to the report: phase one in full precision, its best model as the
/// baseline and rounded to the levels, phase two through the quantizer, the refinement where it is wanted, the result on
/// the test split.
/// </summary>
public sealed class TrainingRun
{
    private readonly Experiment _experiment;
    private readonly TrainingInputs _inputs;
    private readonly RunDirectory _directory;
    private readonly Action<TrainingEvent> _watch;
    private readonly ReportWriter? _report;
    private RunJournal? _journal;

    /// <summary>A run in its directory; what the directory holds of it already is continued.</summary>
    /// <param name="experiment">The experiment that is run.</param>
    /// <param name="inputs">The data that it reads; remains the caller's.</param>
    /// <param name="directory">The folder of the run.</param>
    /// <param name="watch">Told of every step and epoch, and of what is worth reading.</param>
    /// <param name="report">Writes the report page and the figures of the finished run; null leaves them out, and they can be made later from what is there.</param>
    public TrainingRun(Experiment experiment, TrainingInputs inputs, RunDirectory directory, Action<TrainingEvent> watch, ReportWriter? report = null)
    {
        NativeRuntime.Initialize();
        (_experiment, _inputs, _directory, _watch, _report) = (experiment, inputs, directory, watch, report);
    }

    /// <summary>Trains an experiment in a new run directory below its output folder, from its examples to the report.</summary>
    /// <param name="experiment">The experiment that is run.</param>
    /// <param name="watch">Told of every step and epoch, and of what is worth reading; null tells nobody.</param>
    /// <param name="report">Writes the report page and the figures, <c>RunReport.Write</c>; null leaves them out.</param>
    /// <param name="cancellation">Saves the state at the next step boundary, and stops; <see cref="Resume"/> goes on from there.</param>
    /// <exception cref="Configuration.ConfigurationException">The experiment cannot be computed; the message has a line for each error.</exception>
    /// <exception cref="DataException">The examples or the model to start from cannot be read, or do not fit.</exception>
    /// <inheritdoc cref="Execute"/>
    public static TrainingResult Start(Experiment experiment, Action<TrainingEvent>? watch = null, ReportWriter? report = null, CancellationToken cancellation = default)
    {
        UnfitExperiment.Refuse(experiment, experiment.Name);
        return Run(experiment.WithStartFound(), RunDirectory.Create, watch, report, cancellation);
    }

    /// <summary>Continues a run that was interrupted, bit for bit.</summary>
    /// <param name="directory">The folder of the run.</param>
    /// <param name="watch">Told of every step and epoch, and of what is worth reading; null tells nobody.</param>
    /// <param name="report">Writes the report page and the figures, <c>RunReport.Write</c>; null leaves them out.</param>
    /// <param name="cancellation">Saves the state at the next step boundary, and stops.</param>
    /// <inheritdoc cref="Start"/>
    public static TrainingResult Resume(RunDirectory directory, Action<TrainingEvent>? watch = null, ReportWriter? report = null, CancellationToken cancellation = default) =>
        Run(Experiment.Read(directory.ConfigurationFile, []).ValueOrThrow(), _ => directory, watch, report, cancellation);

    private static TrainingResult Run(Experiment experiment, Func<Experiment, RunDirectory> place, Action<TrainingEvent>? watch, ReportWriter? report, CancellationToken cancellation)
    {
        NativeRuntime.Initialize();
        watch ??= _ => { };
        // Before the folder is made, so that missing examples leave nothing behind.
        using var inputs = TrainingInputs.Read(experiment, text => watch(new Noted(text)), cancellation);
        var directory = place(experiment);
        return new TrainingResult(directory, new TrainingRun(experiment, inputs, directory, watch, report).Execute(cancellation));
    }

    /// <summary>The test metrics of the best full-precision model; null where there is none, or not yet.</summary>
    public IReadOnlyDictionary<string, double>? FullPrecision => _journal?.FullPrecision;

    /// <summary>The test metrics of that model rounded to the levels; null where there is none, or not yet.</summary>
    public IReadOnlyDictionary<string, double>? PostTraining => _journal?.PostTraining;

    /// <summary>Trains, evaluates and writes everything that comes out. No other process can work on the run meanwhile.</summary>
    /// <param name="cancellation">Saves the state at the next step boundary, or between two batches of an evaluation, and stops.</param>
    /// <exception cref="OperationCanceledException">The run was interrupted; it can be resumed.</exception>
    /// <exception cref="RunDirectoryException">Another process works on the run, its folder cannot be written to, or it was begun with another configuration, other examples, or another version.</exception>
    /// <exception cref="TrainingFailedException">Training diverged, or the run's files could not be written.</exception>
    public Summary Execute(CancellationToken cancellation)
    {
        using var held = RunLock.Take(_directory);
        try
        {
            _journal = new RunJournal(_experiment, _inputs, _directory, Note);
            cancellation.ThrowIfCancellationRequested();
            return Proceed(_journal, cancellation);
        }
        catch (Exception failure) when (MemoryShortage.Caused(failure))
        {
            throw new TrainingFailedException(
                $"{MemoryException.Words(failure, _experiment, ExampleCounts.Of(_inputs.Data))} What was written before is whole: where there is more memory, resume the run with --resume {_directory.Path}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TrainingFailedException(
                Directory.Exists(_directory.Path)
                    ? $"The run's files cannot be written: {failure.Message.TrimEnd('.')}. What was written before is whole: when the cause is mended, resume the run with --resume {_directory.Path}"
                    : $"{_directory.Path}: the run's folder was removed while the run was under way. Nothing can be saved any more, so the run stops.",
                failure);
        }
    }

    private Summary Proceed(RunJournal journal, CancellationToken cancellation)
    {
        var (device, threads) = Prepare(journal);
        using var task = _experiment.Task.Build(_experiment.Optics);
        if (_inputs.Start is { } start)
            task.TakeOver(start.Task);
        task.to(device);
        using var initial = InitialModel().to(device);
        using var own = _inputs.Shared is null ? DatasetFields.Of(_inputs.Data, initial, task, device, _experiment.Perturbation.ReachesInput, cancellation: cancellation) : null;
        var run = new RunContext(_experiment, _inputs, task, _inputs.Shared ?? own!, device, journal, _watch, cancellation);

        var result = new PhaseResult(initial, Loss: null);
        foreach (var phase in PhasesLeft(run))
            result = phase.Execute(result);
        using var model = result.Model;
        return new RunConclusion(run, _directory, threads, _report).Write(model);
    }

    /// <summary>Says what is worth knowing before the first step, and begins the run's files.</summary>
    private (Device Device, int Threads) Prepare(RunJournal journal)
    {
        var device = ComputeDevice.Resolve(_experiment.Device);
        if (device.Note is { } note)
            Note(note);
        if (device.Device.type == DeviceType.CPU && MemoryException.Foreseen(_experiment, ExampleCounts.Of(_inputs.Data)) is { } scarce)
            Note(scarce);
        foreach (var remark in _experiment.Notes.Concat(_inputs.Data.Remarks).Concat(DarkExamples.In(_inputs.Data)))
            Note(remark);
        var threads = Threads.Use();
        journal.BeginEvents();
        RunDirectory.WriteJson(_directory.EnvironmentFile, RunEnvironment.Of(device.Device, threads, _inputs.Digest.Value));
        return (device.Device, threads);
    }

    /// <summary>The model of the heights that the run starts from.</summary>
    private OpticalModel InitialModel()
    {
        if (_inputs.Start is { } start)
            return start.InFullPrecision(_experiment);
        using var generator = new Generator((ulong)Seeds.Derive(_experiment.Seed, "initial heights"));
        return _experiment.Model.Build(_experiment.Optics, _experiment.Levels, generator);
    }

    /// <summary>The phases of the run from the one on that the checkpoint stands in.</summary>
    private IEnumerable<RunPhase> PhasesLeft(RunContext run)
    {
        RunPhase[] all = [new FullPrecisionPhase(run), new QuantizedPhase(run), .. _experiment.Training.Refinement is { } refinement ? [new RefinementPhase(run, refinement)] : Array.Empty<RunPhase>()];
        return all.Skip(Array.FindIndex(all, phase => run.Journal.IsResumedIn(phase.Name)));
    }

    private void Note(string text) => _watch(new Noted(text));
}

/// <summary>A run that has come to its end.</summary>
/// <param name="Directory">The folder of the run: the model, the metrics, the report.</param>
/// <param name="Summary">Its scores.</param>
public sealed record TrainingResult(RunDirectory Directory, Summary Summary);
