using System.Diagnostics;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>
/// One phase of training: epochs over the shuffled training split, a hard validation after each, the best model
/// kept. What is random follows from the seed, the phase and the epoch alone, so that a phase resumes anywhere.
/// </summary>
public sealed class Trainer
{
    private readonly OpticalModel _network;
    private readonly LearningTask _task;
    private readonly ExampleFields _train;
    private readonly ExampleFields _validation;
    private readonly TrainerSettings _settings;
    private readonly Parameter[] _parameters;
    private readonly OptimizerHelper _optimizer;

    /// <summary>A trainer with a fresh optimizer.</summary>
    /// <param name="network">The model, on its device.</param>
    /// <param name="task">The task, on the same device.</param>
    /// <param name="train">The training split.</param>
    /// <param name="validation">The validation split.</param>
    /// <param name="settings">The settings of the training.</param>
    public Trainer(OpticalModel network, LearningTask task, ExampleFields train, ExampleFields validation, TrainerSettings settings)
    {
        (_network, _task, _train, _validation, _settings) = (network, task, train, validation, settings);
        _parameters = [.. network.parameters().Concat(task.parameters()).Where(p => p.requires_grad)];
        _optimizer = settings.Options.Optimizer.Build(_parameters);
    }

    /// <summary>The state of the phase.</summary>
    public PhaseState State { get; set; } = new();

    /// <summary>Steps in an epoch; the last one may hold fewer examples.</summary>
    public int StepsPerEpoch => (int)((_train.Count + _settings.BatchSize - 1) / _settings.BatchSize);

    /// <summary>Of the step's loss, by each parameter that it depends on.</summary>
    private IEnumerable<Tensor> Gradients => _parameters.Select(p => p.grad).OfType<Tensor>();

    /// <summary>The optimizer's whole state, and how to set it.</summary>
    public byte[] OptimizerState
    {
        get
        {
            using var bytes = new MemoryStream();
            using (var writer = new BinaryWriter(bytes))
                _optimizer.save_state_dict(writer);
            return bytes.ToArray();
        }
        set
        {
            using var reader = new BinaryReader(new MemoryStream(value));
            _optimizer.load_state_dict(reader);
        }
    }

    /// <summary>Trains to the end of the phase and leaves the best model in the network.</summary>
    /// <param name="watch">Told of every step and epoch.</param>
    /// <param name="checkpoint">Called before the phase's first step, after each epoch, before an interruption takes effect, and when it is due.</param>
    /// <param name="cancellation">Stops at the next step boundary, or between two batches of a validation, which is then made anew.</param>
    /// <param name="isCheckpointDue">Asked before each step whether the state is to be kept there.</param>
    /// <exception cref="TrainingFailedException">The loss or a gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted; the checkpoint is written.</exception>
    public void Run(Action<TrainingEvent> watch, Action checkpoint, CancellationToken cancellation, Func<bool>? isCheckpointDue = null)
    {
        watch(new PhaseStarted(_settings.Phase, _settings.Options.Epochs, StepsPerEpoch));
        if (State.Best is null)
        {
            Validate(epoch: 0, loss: null, watch, cancellation);
            checkpoint();
        }
        while (State.Epoch < _settings.Options.Epochs)
        {
            RunEpoch(watch, checkpoint, isCheckpointDue, cancellation);
            checkpoint();
        }
        State.Best!.Restore(_network, _task);
        SetProgress(1, seed: 0);
    }

    private void RunEpoch(Action<TrainingEvent> watch, Action checkpoint, Func<bool>? isCheckpointDue, CancellationToken cancellation)
    {
        var epoch = State.Epoch;
        using var onHost = tensor(DataOrder.Permutation(_train.Count, _settings.Seed, _settings.Phase, epoch));
        using var order = onHost.to(_parameters[0].device);
        using var watcher = new StepWatch(_parameters[0].device);
        var clock = Stopwatch.StartNew();
        var before = State.Seconds;
        _network.train();
        while (State.Step < StepsPerEpoch)
        {
            if (cancellation.IsCancellationRequested || isCheckpointDue?.Invoke() is true)
            {
                Look(watcher, epoch);
                checkpoint();
                cancellation.ThrowIfCancellationRequested();
            }
            Step(order, epoch, watcher);
            State.Step++;
            State.Seconds = before + clock.Elapsed.TotalSeconds;
            var images = Math.Min(_train.Count, (long)State.Step * _settings.BatchSize);
            watch(new StepDone(_settings.Phase, epoch + 1, State.Step, State.LossSum / Math.Max(1, State.Step - watcher.Pending), images / State.Seconds));
        }
        Look(watcher, epoch);
        State.Seconds = before + clock.Elapsed.TotalSeconds;
        try
        {
            Validate(epoch + 1, State.LossSum / StepsPerEpoch, watch, cancellation);
        }
        catch (OperationCanceledException)
        {
            checkpoint(); // all steps of the epoch are done: resumed there, it begins with this validation
            throw;
        }
        (State.Epoch, State.Step, State.LossSum, State.Seconds) = (epoch + 1, 0, 0, 0);
    }

    private void Step(Tensor order, int epoch, StepWatch watcher)
    {
        using var scope = NewDisposeScope();
        var progress = ProgressAt(epoch, State.Step);
        SetLearningRate(progress);
        SetProgress(progress, Seeds.Derive(_settings.Seed, "quantizer/" + _settings.Phase, epoch, State.Step));
        var start = (long)State.Step * _settings.BatchSize;
        var batch = _train.Take(order.slice(0, start, Math.Min(start + _settings.BatchSize, _train.Count), 1));

        using var device = DrawDevice(epoch, progress);
        _optimizer.zero_grad();
        var loss = _task.Loss(batch.Through(_network, device, progress), batch.Targets);
        var penalized = _network.Masks.Penalty() is { } penalty ? loss + penalty : loss;
        penalized.BackwardGuarded();
        watcher.Add(loss, Gradients);
        if (watcher.IsDue)
            Look(watcher, epoch, batch);
        if (_settings.Options.GradientClip is { } norm)
            Clip(norm);
        _network.Masks.Update(() => _optimizer.step());
    }

    /// <summary>
    /// Scales the gradients where the norm of them all is above a limit. torch's own function returns the norm as a number, and
    /// waits for the device to have it.
    /// </summary>
    private void Clip(double limit)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        Tensor[] gradients = [.. Gradients];
        var norm = stack(gradients.Select(gradient => gradient.norm().to(ScalarType.Float32))).norm();
        var scale = (limit / (norm + 1e-6)).clamp(max: 1);
        foreach (var gradient in gradients)
            gradient.mul_(scale);
    }

    /// <summary>The device that this step meets. It follows from seed, phase, epoch and step alone, so that a resumed run meets it again.</summary>
    private DeviceErrors? DrawDevice(int epoch, double progress)
    {
        if (_settings.Errors.Count == 0)
            return null;
        var seed = Seeds.Derive(_settings.Seed, $"perturbation/{_settings.Phase}", epoch, State.Step);
        return DeviceErrors.Of(_network, _settings.Errors, seed, error => error.Schedule.At(progress));
    }

    /// <summary>Adds up the losses since the last look, and stops the run where one of them, or a gradient, is not finite.</summary>
    private void Look(StepWatch watcher, int epoch, Batch? batch = null)
    {
        // Within a step it is the last of those looked at; between steps it has been counted already.
        var first = State.Step - watcher.Pending + (batch is null ? 0 : 1);
        foreach (var ((loss, gradient), i) in watcher.Look().Select((step, i) => (step, i)))
        {
            if (!float.IsFinite(loss))
                throw NotFinite("the loss", epoch, first + i, batch);
            if (!float.IsFinite(gradient))
                throw NotFinite("the gradient", epoch, first + i, batch);
            State.LossSum += loss;
        }
    }

    /// <summary>0 at the phase's first step, 1 after its last.</summary>
    private double ProgressAt(int epoch, int step) =>
        ((double)epoch * StepsPerEpoch + step) / ((double)_settings.Options.Epochs * StepsPerEpoch);

    private double LearningRateAt(double progress) =>
        _settings.Options.Optimizer.LearningRate * _settings.Options.Schedule.At(progress);

    private void SetProgress(double progress, long seed) =>
        _network.Masks.Advance(progress, seed, Seeds.Derive(_settings.Seed, "phase/" + _settings.Phase));

    private void SetLearningRate(double progress)
    {
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = LearningRateAt(progress);
    }

    private void Validate(int epoch, double? loss, Action<TrainingEvent> watch, CancellationToken cancellation)
    {
        var progress = epoch == 0 ? 0 : ProgressAt(epoch, 0);
        SetProgress(progress, Seeds.Derive(_settings.Seed, "validation/" + _settings.Phase, epoch));
        var metrics = Metrics(Evaluator.Evaluate(_network, _task, _validation, progress, cancellation));
        var soft = _settings.SoftForward ? Metrics(Evaluator.EvaluateSoft(_network, _task, _validation, progress, cancellation)) : null;
        if (IsBetter(metrics))
        {
            State.Best?.Dispose();
            State.Best = ModelState.Of(_network, _task);
            State.BestValidation = metrics;
        }
        var switchedOn = epoch == 0 && _settings.LossBefore is { } before ? new SwitchedOn(before, soft?[Metric.Loss.Name], metrics[Metric.Loss.Name]) : null;
        if (switchedOn is not null)
            watch(new Noted(switchedOn.ToString()));
        watch(new EpochDone(new EpochRecord
        {
            Phase = _settings.Phase,
            Epoch = epoch,
            Step = _settings.StepsBefore + (long)epoch * StepsPerEpoch,
            Loss = loss,
            LearningRate = loss is null ? null : LearningRateAt(ProgressAt(epoch - 1, StepsPerEpoch - 1)),
            Validation = metrics,
            SoftValidation = soft,
            SwitchedOn = switchedOn,
            Seconds = loss is null ? null : State.Seconds,
            PeakMemory = Process.GetCurrentProcess().PeakWorkingSet64,
            DeviceMemory = _parameters[0].device_type == TorchSharp.DeviceType.CUDA ? CudaDriver.Memory()?.InUse : null,
            ImagesPerSecond = loss is null ? null : _train.Count / State.Seconds,
        }));
    }

    private bool IsBetter(IReadOnlyDictionary<string, double> metrics) => State.BestValidation is not { } best || _task.IsBetter(metrics, best);

    private static IReadOnlyDictionary<string, double> Metrics(Measurement measurement)
    {
        using (measurement)
            return measurement.Result();
    }

    private TrainingFailedException NotFinite(string what, int epoch, int step, Batch? batch) => new(
        $"{what} is not finite at step {step + 1} of epoch {epoch + 1} ({_settings.Phase}), first seen in {WhereNotFinite(batch)}. "
        + "A lower learning_rate or a gradient_clip usually helps; the run's last checkpoint is intact.");

    /// <summary>Follows the light to the first layer where something is not a number any more, and then the gradient back.</summary>
    private string WhereNotFinite(Batch? batch)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        batch ??= _validation.InOrder(1).First();
        var masks = _network.Masks;
        var field = batch.AtInput ? _network.ToFirstMask(batch.Fields) : batch.Fields;
        if (!IsFinite(view_as_real(field)))
            return "the input fields";
        var planes = _network.PlanesFrom(field);
        for (var layer = 0; layer < masks.Count; layer++)
        {
            if (!IsFinite(masks.Position[layer]) || !IsFinite(view_as_real(planes[layer + 1])))
                return $"layer {layer + 1}";
        }
        // Gradients come in the reverse order: one that is not finite spoils those of every layer before it.
        for (var layer = masks.Count - 1; layer >= 0; layer--)
        {
            if (masks.Position.grad is { } gradient && !IsFinite(gradient[layer]))
                return $"layer {layer + 1}";
        }
        return "the read-out";
    }

    private static bool IsFinite(Tensor values) => values.isfinite().all().item<bool>();
}

/// <summary>The settings of a trainer.</summary>
/// <param name="Phase"><c>full_precision</c> or <c>quantized</c>.</param>
/// <param name="Options">Epochs, optimizer, schedule.</param>
/// <param name="BatchSize">Examples in a step.</param>
/// <param name="Seed">The experiment's seed.</param>
/// <param name="StepsBefore">Steps of the run's earlier phases.</param>
/// <param name="SoftForward">Whether the training forward differs from the hard one, so that both are measured.</param>
public sealed record TrainerSettings(string Phase, PhaseOptions Options, int BatchSize, long Seed, long StepsBefore, bool SoftForward)
{
    /// <summary>The fabrication errors that every batch meets.</summary>
    public IReadOnlyList<PerturbationKind> Errors { get; init; } = [];

    /// <summary>The validation loss of the full-precision model for which the quantizer is switched on; null where none is.</summary>
    public double? LossBefore { get; init; }
}
