using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>
/// One run of an experiment, from the configuration to the report: phase one in full precision, its best model as the
/// baseline and rounded to the levels, phase two through the quantizer, the result on the test split.
/// </summary>
public sealed class TrainingRun
{
    private const string FullPrecisionPhase = "full_precision";
    private const string QuantizedPhase = "quantized";
    private const string RefinementPhase = "refinement";

    private readonly Experiment _experiment;
    private readonly TrainingInputs _inputs;
    private readonly RunDirectory _directory;
    private readonly Action<TrainingEvent> _watch;
    private readonly ReportWriter? _report;
    private readonly List<EpochRecord> _epochs = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private Checkpoint? _resumed;
    private EventLog? _events;
    private (string Phase, int Epoch, int Step) _kept;
    private Dictionary<string, double>? _fullPrecision;
    private Dictionary<string, double>? _postTraining;
    private double? _lossBefore;

    /// <summary>A run in its directory; what the directory holds of it already is gone on with.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="inputs">What it reads; remains the caller's.</param>
    /// <param name="directory">Where it is kept.</param>
    /// <param name="watch">Told of every step and epoch, and of what is worth reading.</param>
    /// <param name="report">Writes the report page and the figures of the finished run; null leaves them out, and they can be made later from what is there.</param>
    public TrainingRun(Experiment experiment, TrainingInputs inputs, RunDirectory directory, Action<TrainingEvent> watch, ReportWriter? report = null)
    {
        NativeRuntime.Initialize();
        (_experiment, _inputs, _directory, _watch, _report) = (experiment, inputs, directory, watch, report);
    }

    /// <summary>The test metrics of the best full-precision model; null where there is none, or not yet.</summary>
    public IReadOnlyDictionary<string, double>? FullPrecision => _fullPrecision;

    /// <summary>The test metrics of that model rounded to the levels; null where there is none, or not yet.</summary>
    public IReadOnlyDictionary<string, double>? PostTraining => _postTraining;

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
            Resume();
            return Proceed(cancellation);
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

    /// <summary>Takes up what the directory holds of the run, and makes the metrics end where the checkpoint does.</summary>
    private void Resume()
    {
        Directory.CreateDirectory(_directory.CheckpointFolder); // copies drop empty folders
        _resumed = Checkpoint.ReadNewest(_directory.CheckpointFolder, text => _watch(new Noted(text)));
        if (_resumed is { Progress: var progress })
        {
            if (!string.Equals(progress.Configuration, ConfigurationHash(), StringComparison.Ordinal))
                throw new RunDirectoryException($"{_directory.ConfigurationFile} is not the configuration that the run was begun with, and another one cannot continue it; undo the change, or start a new run.");
            if (progress.Data.DifferenceTo(_inputs.Digest.Value) is { } difference)
                throw new RunDirectoryException($"{_directory.Path}: the run was begun with other examples than there are now, and these cannot continue it: {difference}. Bring back the examples that it was begun with, or start a new run with those that there are.");
            _epochs.AddRange(progress.Epochs);
            (_fullPrecision, _postTraining) = (progress.FullPrecision, progress.PostTraining);
            _kept = (progress.Phase, progress.Epoch, progress.Step);
        }
        _directory.WriteMetrics(_epochs);
    }

    private Summary Proceed(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var device = ComputeDevice.Resolve(_experiment.Device);
        if (device.Note is { } note)
            _watch(new Noted(note));
        if (device.Device.type == DeviceType.CPU && MemoryException.Foreseen(_experiment, ExampleCounts.Of(_inputs.Data)) is { } scarce)
            _watch(new Noted(scarce));
        foreach (var picked in _experiment.Notes.Concat(_inputs.Data.Remarks))
            _watch(new Noted(picked));
        foreach (var dark in DarkExamples.In(_inputs.Data))
            _watch(new Noted(dark));
        var threads = Threads.Use();
        _events = new EventLog(_directory.TensorBoardFolder, _epochs, text => _watch(new Noted(text)));
        RunDirectory.WriteJson(_directory.EnvironmentFile, RunEnvironment.Of(device.Device, threads, _inputs.Digest.Value));

        using var task = _experiment.Task.Build(_experiment.Optics);
        if (_inputs.Start is { } start)
            task.TakeOver(start.Task);
        task.to(device.Device);
        using var network = Start().to(device.Device);
        using var own = _inputs.Shared is null ? Examples.Of(_inputs.Data, network, task, device.Device, _experiment.Perturbation.ReachesInput, cancellation: cancellation) : null;
        var examples = _inputs.Shared ?? own!;

        var quantized = _experiment.Quantizer is not NoQuantizer;
        if (_resumed is not { Progress.Phase: QuantizedPhase })
            RunFullPrecision(network, task, examples, cancellation);
        using var result = RunQuantized(network, task, examples, quantized, cancellation);
        if (_experiment.Training.Refinement is { } refinement)
            Refine(result, task, examples, refinement, cancellation);
        return Conclude(result, task, examples, device.Device, threads, cancellation);
    }

    /// <summary>The heights that phase one starts from.</summary>
    private OpticalModel Start()
    {
        if (_inputs.Start is { } start)
            return start.InFullPrecision(_experiment);
        using var generator = new Generator((ulong)Seeds.Derive(_experiment.Seed, "initial heights"));
        return _experiment.Model.Build(_experiment.Optics, _experiment.Levels, generator);
    }

    private void RunFullPrecision(OpticalModel network, LearningTask task, Examples examples, CancellationToken cancellation)
    {
        var options = _experiment.Training.FullPrecision;
        var settings = new TrainerSettings(FullPrecisionPhase, options, _experiment.Training.BatchSize, _experiment.Seed, StepsBefore: 0, SoftForward: false) { Errors = _experiment.Perturbation.Errors };
        _lossBefore = Train(network, task, examples, settings, cancellation)[Metric.Loss.Name];
        if (options.Epochs > 0 || _experiment.Training.StartFrom is not null)
            _fullPrecision = Test(network, task, examples, cancellation);
    }

    /// <summary>Phase two; without a quantizer it is full precision continued for as many steps, the fair reference for quantized runs.</summary>
    private OpticalModel RunQuantized(OpticalModel network, LearningTask task, Examples examples, bool quantized, CancellationToken cancellation)
    {
        var before = StepsOf(_experiment.Training.FullPrecision, examples);
        var isResumed = _resumed is { Progress.Phase: QuantizedPhase };
        var positions = isResumed || _experiment.Levels is null ? null : RoundToLevels(network, task, examples, cancellation);
        var result = quantized
            ? Quantized(positions ?? network.Masks.Position.detach()).to(network.Masks.Device)
            : network;
        var settings = new TrainerSettings(
            QuantizedPhase, _experiment.Training.Quantized, _experiment.Training.BatchSize, _experiment.Seed, before,
            SoftForward: quantized && (result.Masks.Forward is not TrainingForward.Printed || _experiment.Quantizer.SwitchOn is not AtOnce))
        { Errors = _experiment.Perturbation.Errors, LossBefore = quantized ? _lossBefore : null };
        Train(result, task, examples, settings, cancellation);
        return result;
    }

    /// <summary>
    /// The last mile on hard levels. It needs no checkpoint of its own: it draws nothing but what follows from the seed, and a
    /// run that is resumed after phase two refines anew, to the same bytes. As in the phases, the best by validation is kept.
    /// </summary>
    private void Refine(OpticalModel network, LearningTask task, Examples examples, RefinementOptions options, CancellationToken cancellation)
    {
        if (FlipRefiner.Obstacle(network) is { } obstacle)
        {
            _watch(new Noted(obstacle));
            return;
        }
        var refiner = new FlipRefiner(network, task, examples.Train, options, _experiment.Seed);
        var steps = StepsOf(_experiment.Training.FullPrecision, examples) + StepsOf(_experiment.Training.Quantized, examples);
        _watch(new PhaseStarted(RefinementPhase, options.Rounds, 1));
        var best = ModelState.Of(network, task);
        var bestMetrics = Record(0, null);
        for (var round = 0; round < options.Rounds; round++)
        {
            var done = refiner.Round(round, cancellation);
            _watch(new Noted($"refinement, round {round + 1}: {done.Moves} pixels moved, training loss {done.LossBefore:0.0000} to {done.Loss:0.0000}"));
            if (done.Moves == 0)
                break;
            var metrics = Record(round + 1, done.Loss);
            if (task.IsBetter(metrics, bestMetrics))
            {
                best.Dispose();
                (best, bestMetrics) = (ModelState.Of(network, task), metrics);
            }
        }
        best.Restore(network, task);
        best.Dispose();

        IReadOnlyDictionary<string, double> Record(int epoch, double? loss)
        {
            using var measurement = Evaluator.Evaluate(network, task, examples.Validation, cancellation);
            var record = new EpochRecord { Phase = RefinementPhase, Epoch = epoch, Step = steps, Loss = loss, Validation = measurement.Result() };
            _epochs.Add(record);
            _directory.WriteMetrics(_epochs);
            _events!.Write(record);
            _watch(new EpochDone(record));
            return record.Validation;
        }
    }

    private OpticalModel Quantized(Tensor positions) =>
        _experiment.Model.BuildQuantized(_experiment.Optics, _experiment.Levels!, _experiment.Quantizer, positions);

    /// <summary>Post-training quantization: measured on the test split as the baseline, and where phase two starts from.</summary>
    private Tensor RoundToLevels(OpticalModel network, LearningTask task, Examples examples, CancellationToken cancellation)
    {
        _watch(new Noted("Rounding the full-precision model to the levels."));
        var rounding = new PostTraining(network, _experiment.Levels!);
        var positions = rounding.Positions(Offsets());
        using var rounded = Quantized(positions).to(positions.device);
        FittedReadout.Improve(rounded, task, examples.Rounding, cancellation);
        if (_fullPrecision is not null)
            _postTraining = Test(rounded, task, examples, cancellation);
        return positions;

        IReadOnlyList<double> Offsets()
        {
            var key = ConfigurationWriter.WriteInline(_experiment.Quantizer with { Gradient = default });
            if (_inputs.Offsets?.TryGetValue(key, out var known) is true)
                return known;
            var found = rounding.ChooseOffsets(trial => Score(trial));
            _inputs.Offsets?.Add(key, found);
            return found;
        }

        double Score(Tensor trial)
        {
            cancellation.ThrowIfCancellationRequested();
            using var candidate = Quantized(trial).to(trial.device);
            using var measurement = Evaluator.Evaluate(candidate, task, examples.Rounding, cancellation);
            return task.Score.Merit(measurement.Result()[task.Score.Name]);
        }
    }

    /// <summary>Trains through a phase and returns the validation metrics of its best model, which is left in the network.</summary>
    private IReadOnlyDictionary<string, double> Train(OpticalModel network, LearningTask task, Examples examples, TrainerSettings settings, CancellationToken cancellation)
    {
        var trainer = new Trainer(network, task, examples.Train, examples.Validation, settings);
        if (_resumed is { Progress: var at } && string.Equals(at.Phase, settings.Phase, StringComparison.Ordinal))
        {
            _resumed.Current.Restore(network, task);
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
        trainer.Run(Watch, Save, cancellation, IsCheckpointDue);
        return trainer.State.BestValidation!;

        void Watch(TrainingEvent happened)
        {
            if (happened is EpochDone { Record: var record })
            {
                _epochs.Add(record);
                _directory.WriteMetrics(_epochs);
                _events!.Write(record);
                _events.WriteHeights(record.Step, network.Masks);
            }
            _watch(happened);
        }

        void Save()
        {
            var state = trainer.State;
            var position = (settings.Phase, state.Epoch, state.Step);
            var isDue = state.Step > 0 || state.Epoch % _experiment.Output.CheckpointEvery == 0 || state.Epoch == settings.Options.Epochs;
            if (position == _kept || !(isDue || cancellation.IsCancellationRequested))
                return;
            using var current = ModelState.Of(network, task);
            var progress = new RunProgress
            {
                Configuration = ConfigurationHash(),
                Data = _inputs.Digest.Value,
                Phase = settings.Phase,
                Epoch = state.Epoch,
                Step = state.Step,
                LossSum = state.LossSum,
                EpochSeconds = state.Seconds,
                Seconds = Seconds(),
                BestValidation = state.BestValidation?.ToDictionary(StringComparer.Ordinal),
                Epochs = [.. _epochs],
                FullPrecision = _fullPrecision,
                PostTraining = _postTraining,
            };
            new Checkpoint(progress, current, state.Best, trainer.OptimizerState)
                .Write(_directory.CheckpointFolder, settings.StepsBefore + (long)state.Epoch * trainer.StepsPerEpoch + state.Step);
            _kept = position;
            _sinceCheckpoint.Restart();
        }
    }

    private bool IsCheckpointDue() => _sinceCheckpoint.Elapsed.TotalMinutes >= _experiment.Output.CheckpointMinutes;

    private static Dictionary<string, double> Test(OpticalModel network, LearningTask task, Examples examples, CancellationToken cancellation)
    {
        using var measurement = Evaluator.Evaluate(network, task, examples.Test, cancellation);
        return measurement.Result().ToDictionary(StringComparer.Ordinal);
    }

    private Summary Conclude(OpticalModel network, LearningTask task, Examples examples, Device device, int threads, CancellationToken cancellation)
    {
        using var model = TrainedModel.Of(_experiment, network, task, examples.Data.ClassNames);
        using var test = Evaluator.Evaluate(network, task, examples.Test, cancellation);
        using var validation = Evaluator.Evaluate(network, task, examples.Validation, cancellation);
        model.Save(_directory.ModelFile);
        _directory.WriteMetrics(_epochs);

        var quantized = _experiment.Quantizer is not NoQuantizer;
        var (trained, seconds) = (_epochs.Count(e => e.Seconds is not null) * examples.Train.Count, _epochs.Sum(e => e.Seconds ?? 0));
        var steps = StepsOf(_experiment.Training.FullPrecision, examples);
        var summary = new Summary
        {
            Name = _experiment.Name,
            Id = _directory.Id,
            Task = KindNames.Of(_experiment.Task),
            Device = device.ToString(),
            Threads = threads,
            Quantizer = KindNames.Of(_experiment.Quantizer),
            Gradient = quantized ? _experiment.Quantizer.Gradient.ToString().ToLowerInvariant() : null,
            Levels = quantized ? [.. network.Masks.Tables!.Select(table => table.Count)] : null,
            Seed = _experiment.Seed,
            Epochs = new PhaseEpochs(_experiment.Training.FullPrecision.Epochs, _experiment.Training.Quantized.Epochs),
            Steps = steps + StepsOf(_experiment.Training.Quantized, examples),
            Seconds = Math.Round(Seconds(), 1),
            ImagesPerSecond = seconds > 0 ? Math.Round(trained / seconds, 1) : 0,
            Test = test.Result(),
            Validation = Only(validation.Result(), [.. task.KeptScores, Metric.Loss]),
            FullPrecision = _fullPrecision is null ? null : new Dictionary<string, double>(Only(_fullPrecision, task.KeptScores), StringComparer.Ordinal) { ["steps"] = steps },
            PostTraining = _postTraining is null ? null : Only(_postTraining, task.KeptScores),
            FreeSpace = FittedReadout.OfFreeSpace(network, task, examples, cancellation),
            Data = _inputs.Digest.Value.Text,
        };
        if (FaintLight.Remark(summary.Test) is { } faint)
            _watch(new Noted(faint));
        if (_report is not null)
        {
            var record = new RunRecord { Epochs = _epochs, FullPrecision = _fullPrecision, PostTraining = _postTraining, Summary = summary, Data = _inputs.Digest.Value };
            foreach (var (name, png) in _report(new FinishedRun(_directory, model, record, examples, test), cancellation))
                _events!.WriteFigure(summary.Steps, Path.GetFileNameWithoutExtension(name), png);
        }
        RunDirectory.WriteJson(_directory.SummaryFile, summary);
        return summary;
    }

    private long StepsOf(PhaseOptions phase, Examples examples) =>
        phase.Epochs * ((examples.Train.Count + _experiment.Training.BatchSize - 1) / _experiment.Training.BatchSize);

    /// <summary>A hash of everything that the result depends on.</summary>
    private string ConfigurationHash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TrainedModel.PortableText(_experiment))));

    private double Seconds() => _clock.Elapsed.TotalSeconds + (_resumed?.Progress.Seconds ?? 0);

    private static Dictionary<string, double> Only(IReadOnlyDictionary<string, double> metrics, IEnumerable<Metric> kept) =>
        kept.ToDictionary(metric => metric.Name, metric => metrics[metric.Name], StringComparer.Ordinal);
}
