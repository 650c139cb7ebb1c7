using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OpticalQAT.Models;
using OpticalQAT.Tasks;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

/// <summary>
/// The files in which a run is kept while it goes on: nothing else writes its metrics, its event log and its checkpoints. What the
/// folder holds of an earlier process is taken up.
/// </summary>
internal sealed class RunJournal
{
    private readonly Experiment _experiment;
    private readonly TrainingInputs _inputs;
    private readonly RunDirectory _directory;
    private readonly Action<string> _note;
    private readonly List<EpochRecord> _epochs = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private readonly Checkpoint? _resumed;
    private EventLog? _events;
    private (string Phase, int Epoch, int Step) _kept;

    /// <summary>Takes up what the directory holds of the run, and makes the metrics end where the checkpoint does.</summary>
    /// <param name="experiment">The experiment that is run.</param>
    /// <param name="inputs">The data that it reads.</param>
    /// <param name="directory">The folder of the run.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <exception cref="RunDirectoryException">The run was begun with another configuration, other examples, or another version.</exception>
    public RunJournal(Experiment experiment, TrainingInputs inputs, RunDirectory directory, Action<string> note)
    {
        (_experiment, _inputs, _directory, _note) = (experiment, inputs, directory, note);
        Directory.CreateDirectory(directory.CheckpointFolder); // copies drop empty folders
        _resumed = Checkpoint.ReadNewest(directory.CheckpointFolder, note);
        if (_resumed is { Progress: var progress })
        {
            CheckContinues(progress);
            _epochs.AddRange(progress.Epochs);
            (FullPrecision, PostTraining) = (progress.FullPrecision, progress.PostTraining);
            _kept = (progress.Phase, progress.Epoch, progress.Step);
        }
        WriteMetrics();
    }

    /// <summary>The epochs so far, those of earlier processes included.</summary>
    public IReadOnlyList<EpochRecord> Epochs => _epochs;

    /// <summary>The test metrics of the best full-precision model; null where there is none, or not yet.</summary>
    public Dictionary<string, double>? FullPrecision { get; set; }

    /// <summary>The test metrics of that model rounded to the levels; null where there is none, or not yet.</summary>
    public Dictionary<string, double>? PostTraining { get; set; }

    /// <summary>The phase that the checkpoint stands in; null where the run starts from its beginning.</summary>
    public string? ResumedPhase => _resumed?.Progress.Phase;

    /// <summary>Seconds of the run so far, over all processes.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds + (_resumed?.Progress.Seconds ?? 0);

    /// <summary>Whether the last checkpoint is as old as the experiment allows.</summary>
    public bool IsCheckpointDue => _sinceCheckpoint.Elapsed.TotalMinutes >= _experiment.Output.CheckpointMinutes;

    /// <summary>Whether the checkpoint stands in a phase.</summary>
    public bool IsResumedIn(string phase) => string.Equals(ResumedPhase, phase, StringComparison.Ordinal);

    /// <summary>Begins the event log anew with the epochs that are known.</summary>
    public void BeginEvents() => _events = new EventLog(_directory.TensorBoardFolder, _epochs, _note);

    /// <summary>Adds an epoch to the metrics and to the event log.</summary>
    /// <param name="record">The epoch.</param>
    /// <param name="masks">The masks whose heights the event log shows; null shows none.</param>
    public void Add(EpochRecord record, MaskStack? masks = null)
    {
        _epochs.Add(record);
        WriteMetrics();
        _events!.Write(record);
        if (masks is not null)
            _events.WriteHeights(record.Step, masks);
    }

    /// <summary>Writes the metrics of all epochs so far.</summary>
    public void WriteMetrics() => _directory.WriteMetrics(_epochs);

    /// <summary>Adds figures to the event log.</summary>
    /// <param name="step">Steps of the whole run so far.</param>
    /// <param name="figures">PNG files by name.</param>
    public void AddFigures(long step, IReadOnlyDictionary<string, byte[]> figures)
    {
        foreach (var (name, png) in figures)
            _events!.WriteFigure(step, Path.GetFileNameWithoutExtension(name), png);
    }

    /// <summary>Puts a trainer where the checkpoint stands, if that stands in its phase.</summary>
    public void Restore(Trainer trainer, OpticalModel model, LearningTask task, string phase)
    {
        if (_resumed is not { Progress: var at } || !IsResumedIn(phase))
            return;
        _resumed.Current.Restore(model, task);
        _resumed.Current.Dispose();
        trainer.OptimizerState = _resumed.Optimizer;
        trainer.State = new PhaseState
        {
            Epoch = at.Epoch,
            Step = at.Step,
            LossSum = at.LossSum,
            Seconds = at.EpochSeconds,
            BestValidation = at.BestValidation,
            Best = _resumed.Best,
        };
    }

    /// <summary>Keeps the state at a step boundary as a checkpoint, where one is due there and that state is not kept already.</summary>
    public void Keep(Trainer trainer, OpticalModel model, LearningTask task, TrainerSettings settings, bool isInterrupted)
    {
        var state = trainer.State;
        var position = (settings.Phase, state.Epoch, state.Step);
        var isDue = state.Step > 0 || state.Epoch % _experiment.Output.CheckpointEvery == 0 || state.Epoch == settings.Options.Epochs;
        if (position == _kept || !(isDue || isInterrupted))
            return;
        using var current = ModelState.Of(model, task);
        new Checkpoint(ProgressAt(settings.Phase, state), current, state.Best, trainer.OptimizerState)
            .Write(_directory.CheckpointFolder, settings.StepsBefore + (long)state.Epoch * trainer.StepsPerEpoch + state.Step);
        _kept = position;
        _sinceCheckpoint.Restart();
    }

    private RunProgress ProgressAt(string phase, PhaseState state) => new()
    {
        Configuration = ConfigurationHash(),
        Data = _inputs.Digest.Value,
        Phase = phase,
        Epoch = state.Epoch,
        Step = state.Step,
        LossSum = state.LossSum,
        EpochSeconds = state.Seconds,
        Seconds = Seconds,
        BestValidation = state.BestValidation?.ToDictionary(StringComparer.Ordinal),
        Epochs = [.. _epochs],
        FullPrecision = FullPrecision,
        PostTraining = PostTraining,
    };

    private void CheckContinues(RunProgress progress)
    {
        if (!string.Equals(progress.Configuration, ConfigurationHash(), StringComparison.Ordinal))
            throw new RunDirectoryException($"{_directory.ConfigurationFile} is not the configuration that the run was begun with, and another one cannot continue it; undo the change, or start a new run.");
        if (progress.Data.DifferenceTo(_inputs.Digest.Value) is { } difference)
            throw new RunDirectoryException($"{_directory.Path}: the run was begun with other examples than there are now, and these cannot continue it: {difference}. Bring back the examples that it was begun with, or start a new run with those that there are.");
    }

    /// <summary>A hash of everything that the result depends on.</summary>
    private string ConfigurationHash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TrainedModel.PortableText(_experiment))));
}
