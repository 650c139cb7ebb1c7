using System.Diagnostics;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Checks;

/// <summary>The memory and time of a run, from formulas and from a few steps on made-up examples.</summary>
public sealed record TrainingEstimate
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(0.4);

    // A step that computes keeps at least one core busy.
    private const double BusyShare = 0.8;

    /// <summary>The device on which the steps were measured.</summary>
    public required string Device { get; init; }

    /// <summary>Bytes of the examples kept as fields: 8·N² for each, in every split that fits into the memory set aside; null without a dataset.</summary>
    public required long? FieldBytes { get; init; }

    /// <summary>Bytes that the largest batch works in, from a formula: <see cref="MemoryEstimate.Work"/>.</summary>
    public required long WorkBytes { get; init; }

    /// <summary>Examples in a step: the batch that is asked for, or all that there are.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Seconds of a full-precision step.</summary>
    public required double FullPrecisionStepSeconds { get; init; }

    /// <summary>Seconds of a step through the quantizer; in full precision those of phase two are the same.</summary>
    public required double QuantizedStepSeconds { get; init; }

    /// <summary>Training images a second.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Steps of the whole run; null without a dataset.</summary>
    public required long? Steps { get; init; }

    /// <summary>Seconds of the whole run, evaluations and all rounds of a refinement included; null without a dataset.</summary>
    public required double? Seconds { get; init; }

    /// <summary>The factor by which a step takes longer than on the fast path, measured; null where that path is taken, and where it cannot be measured.</summary>
    public double? FastPathFactor { get; init; }

    /// <summary>
    /// The share of one core that the steps were given, at most 1: below 0.8 other programs had the processor meanwhile, and
    /// the times are those of a processor that is free, without counting on more than one core.
    /// </summary>
    public required double ProcessorShare { get; init; }

    /// <summary>Whether other programs had the processor while the steps were measured.</summary>
    public bool IsBusy => ProcessorShare < BusyShare;

    /// <summary>Measures a few steps; takes about two seconds where a step is short.</summary>
    /// <param name="experiment">An experiment without errors.</param>
    /// <param name="examples">The number of examples; null where that is not known.</param>
    /// <param name="onFastPath">The same experiment where the fast path is taken, to compare with; null leaves that out.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <exception cref="NativeRuntimeException">The device cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    internal static TrainingEstimate Of(Experiment experiment, ExampleCounts? examples, Experiment? onFastPath, CancellationToken cancellation = default)
    {
        var device = ComputeDevice.Resolve(experiment.Device).Device;
        Threads.Use();
        using var scope = NewDisposeScope();
        var training = experiment.Training;
        var batchSize = (int)Math.Min(training.BatchSize, Math.Max(1, examples?.Train ?? training.BatchSize));
        var measured = Measure(experiment, batchSize, examples, device, cancellation);
        var (first, second) = (measured.First.Seconds, measured.Second.Seconds);
        var memory = MemoryEstimate.Of(experiment, examples, batchSize, HostMemory.Bytes, device.type == DeviceType.CPU);
        var stepsPerEpoch = examples is null ? (long?)null : (examples.Train + batchSize - 1) / batchSize;
        var kept = examples is null ? [] : MemoryEstimate.Kept(experiment, examples, DatasetFields.MemoryLimit(device));
        return new TrainingEstimate
        {
            Device = device.ToString(),
            FieldBytes = examples is null ? null : kept.Sum(bytes => bytes ?? 0),
            WorkBytes = memory.Work,
            BatchSize = batchSize,
            FullPrecisionStepSeconds = first,
            QuantizedStepSeconds = second,
            ImagesPerSecond = batchSize / second,
            Steps = stepsPerEpoch * (training.FullPrecision.Epochs + training.Quantized.Epochs),
            Seconds = examples is null ? null : stepsPerEpoch * (training.FullPrecision.Epochs * first + (training.Quantized.Epochs + EpochsOfRefinement(experiment)) * second)
                + measured.Evaluation.Seconds * Evaluated(experiment, examples) + measured.Encoding.Seconds * Encoded(experiment, examples, kept),
            FastPathFactor = onFastPath is null ? null : Math.Round(first / Measure(onFastPath, batchSize, examples, device, cancellation).First.Seconds, 2),
            ProcessorShare = Math.Round(measured.Share, 3),
        };
    }

    /// <summary>A measured time.</summary>
    /// <param name="Seconds">Of a processor that is free.</param>
    /// <param name="Share">The share of one core that it was given, at most 1.</param>
    private readonly record struct Timing(double Seconds, double Share)
    {
        public static Timing operator /(Timing all, int parts) => all with { Seconds = all.Seconds / parts };
    }

    /// <summary>A step in each phase, one image that is evaluated, and one that is brought to the first mask.</summary>
    private sealed record Measured(Timing First, Timing Second, Timing Evaluation, Timing Encoding)
    {
        public double Share => new[] { First, Second, Evaluation, Encoding }.Min(timing => timing.Share);
    }

    private static Measured Measure(Experiment experiment, int batchSize, ExampleCounts? examples, Device device, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var task = experiment.Task.Build(experiment.Optics).to(device);
        using var continuous = experiment.Model.Build(experiment.Optics, experiment.Levels, new Generator(0)).to(device);
        var outline = OutlineOf(experiment, cancellation);
        var batch = MadeUp(experiment, batchSize, outline, continuous, task, device);
        var training = experiment.Training;
        var first = TimeOf(() => Step(continuous, task, batch, experiment.Perturbation), continuous, training.FullPrecision, task, device, cancellation);
        var second = first;
        if (experiment.Quantizer is not NoQuantizer)
        {
            using var quantized = Quantized(experiment, continuous).to(device);
            second = TimeOf(() => Step(quantized, task, batch, experiment.Perturbation), quantized, training.Quantized, task, device, cancellation);
        }
        // As many at once as an evaluation takes: those of a training batch may be one.
        var evaluated = (int)Math.Min(ExampleFields.AtOnce(Evaluator.BatchSize, experiment.Optics.Grid.Size, experiment.Optics.Waves.Count), Math.Max(1, examples?.Largest ?? Evaluator.BatchSize));
        var others = MadeUp(experiment, evaluated, outline, continuous, task, device);
        return new Measured(
            first, second, TimeOf(() => Evaluate(continuous, task, others), device, cancellation) / evaluated,
            TimeOf(() => MadeUp(experiment, evaluated, outline, continuous, task, device), device, cancellation) / evaluated);
    }

    // A round takes about as long as two epochs, and how many it takes is not known beforehand: all of them are counted.
    private static long EpochsOfRefinement(Experiment experiment) => 2L * (experiment.Training.Refinement?.Rounds ?? 0);

    /// <summary>Validations: after each epoch and round, before each phase, and at the end.</summary>
    private static long Validations(Experiment experiment) =>
        experiment.Training.FullPrecision.Epochs + experiment.Training.Quantized.Epochs + (experiment.Training.Refinement?.Rounds ?? 0) + 3;

    /// <summary>Scores that post-training rounding asks for.</summary>
    private static long Trials(Experiment experiment) => experiment.Levels is null ? 0 : PostTraining.Trials(experiment.Model.LayerCount);

    /// <summary>Examples that are evaluated: validations, three tests, and the trials of post-training rounding.</summary>
    private static long Evaluated(Experiment experiment, ExampleCounts examples) =>
        Validations(experiment) * examples.Validation + 3 * examples.Test + Trials(experiment) * Math.Min(examples.Validation, DatasetFields.RoundingCount);

    /// <summary>Examples that are brought to the first mask: each once where they are kept there, otherwise whenever they are met.</summary>
    private static long Encoded(Experiment experiment, ExampleCounts examples, long?[] kept)
    {
        var epochs = experiment.Training.FullPrecision.Epochs + experiment.Training.Quantized.Epochs + EpochsOfRefinement(experiment);
        (long Count, long Times)[] splits =
        [
            (examples.Train, epochs), (examples.Validation, Validations(experiment)), (Math.Min(examples.Validation, DatasetFields.RoundingCount), Trials(experiment)), (examples.Test, 3),
        ];
        return splits.Zip(kept, (split, bytes) => split.Count * (bytes is null ? split.Times : 1)).Sum();
    }

    /// <summary>The outline of the dataset; null where it is not there.</summary>
    private static DatasetOutline? OutlineOf(Experiment experiment, CancellationToken cancellation)
    {
        try
        {
            return experiment.Task.Dataset.Outline(new DataRequest(Splits.Train, cancellation));
        }
        catch (DataException)
        {
            return null;
        }
    }

    /// <summary>A batch that the task makes up, where training takes examples from: at the first mask or at the input.</summary>
    private static Batch MadeUp(Experiment experiment, int size, DatasetOutline? outline, OpticalModel network, LearningTask task, Device device)
    {
        using var scope = NewDisposeScope();
        var split = task.TrialExamples(size, outline);
        using var source = new ExampleFields(split, network, task, device, memoryLimit: 0, experiment.Perturbation.ReachesInput);
        var batch = source.Take(arange(size, dtype: ScalarType.Int64, device: device));
        batch.Fields.MoveToOuterDisposeScope();
        batch.Targets.MoveToOuterDisposeScope();
        batch.Entered.MoveToOuterDisposeScope();
        return batch;
    }

    private static OpticalModel Quantized(Experiment experiment, OpticalModel continuous)
    {
        var rounding = new PostTraining(continuous, experiment.Levels!);
        var offsets = new double[experiment.Model.LayerCount];
        return experiment.BuildQuantized(rounding.Positions(offsets));
    }

    private static Timing TimeOf(Action step, OpticalModel network, PhaseOptions phase, LearningTask task, Device device, CancellationToken cancellation)
    {
        network.train();
        Parameter[] parameters = [.. network.parameters().Concat(task.parameters()).Where(p => p.requires_grad)];
        using var optimizer = phase.Optimizer.Build(parameters);
        return TimeOf(() =>
        {
            optimizer.zero_grad();
            step();
            optimizer.step();
        }, device, cancellation);
    }

    private static Timing TimeOf(Action work, Device device, CancellationToken cancellation)
    {
        // The first calls build transfer functions and compile; they would count hundredfold.
        work();
        cancellation.ThrowIfCancellationRequested();
        work();
        List<double> all = [];
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        while (all.Count == 0 || clock.Elapsed < Sample)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var start = clock.Elapsed;
            work();
            all.Add((clock.Elapsed - start).TotalSeconds);
        }
        var (passed, used) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        // What else the machine does makes a step longer, never shorter.
        all.Sort();
        var seconds = all.Take((all.Count + 1) / 2).Average();
        var share = device.type == DeviceType.CPU ? Math.Min(1, used / passed) : 1;
        return new(share < BusyShare ? Math.Min(seconds, used / all.Count) : seconds, share);
    }

    private static void Step(OpticalModel network, LearningTask task, Batch batch, PerturbationOptions perturbation)
    {
        using var scope = NewDisposeScope();
        using var drawn = perturbation.IsAny ? DeviceErrors.Of(network, perturbation.Errors, seed: 1, _ => 1) : null;
        var loss = task.Loss(batch.Through(network, drawn), batch.Targets);
        loss.BackwardGuarded();
        // Waits for a device that computes behind the program's back.
        _ = loss.item<float>();
    }

    private static void Evaluate(OpticalModel network, LearningTask task, Batch batch)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        network.eval();
        using var measurement = task.Measure();
        measurement.Add(batch.Through(network), batch.Targets);
        _ = measurement.Result();
    }
}
