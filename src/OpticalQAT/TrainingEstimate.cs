using System.Diagnostics;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary>What a run will take in memory and time, from formulas and from a few steps on made-up images.</summary>
public sealed record TrainingEstimate
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(0.6);

    /// <summary>Where the steps were measured.</summary>
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

    /// <summary>How many times as long a step takes as on the fast path, measured; null where it is taken, and where it cannot be measured.</summary>
    public double? FastPathFactor { get; init; }

    /// <summary>Measures a few steps; takes about two seconds where a step is short.</summary>
    /// <param name="experiment">An experiment without errors.</param>
    /// <param name="examples">How many examples there are; null where that is not known.</param>
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
        var (first, second) = (measured.First, measured.Second);
        var memory = MemoryEstimate.Of(experiment, examples, batchSize, HostMemory.Bytes, device.type == DeviceType.CPU);
        var stepsPerEpoch = examples is null ? (long?)null : (examples.Train + batchSize - 1) / batchSize;
        var kept = examples is null ? [] : MemoryEstimate.Kept(experiment, examples, Examples.MemoryLimit(device));
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
                + measured.Evaluation * Evaluated(experiment, examples) + measured.Encoding * Encoded(experiment, examples, kept),
            FastPathFactor = onFastPath is null ? null : Math.Round(first / Measure(onFastPath, batchSize, examples, device, cancellation).First, 2),
        };
    }

    /// <summary>Seconds of a step in each phase, and of one image that is evaluated and of one that is brought to the first mask.</summary>
    private sealed record Measured(double First, double Second, double Evaluation, double Encoding);

    private static Measured Measure(Experiment experiment, int batchSize, ExampleCounts? examples, Device device, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var task = experiment.Task.Build(experiment.Optics).to(device);
        using var continuous = experiment.Model.Build(experiment.Optics, experiment.Levels, new Generator(0)).to(device);
        var batch = MadeUp(experiment, batchSize, continuous, task, device);
        var training = experiment.Training;
        var first = SecondsOf(() => Step(continuous, task, batch, experiment.Perturbation), continuous, training.FullPrecision, task, cancellation);
        var second = first;
        if (experiment.Quantizer is not NoQuantizer)
        {
            using var quantized = Quantized(experiment, continuous).to(device);
            second = SecondsOf(() => Step(quantized, task, batch, experiment.Perturbation), quantized, training.Quantized, task, cancellation);
        }
        // As many at once as an evaluation takes: those of a training batch may be one.
        var evaluated = (int)Math.Min(Evaluator.BatchSize, Math.Max(1, examples?.Largest ?? Evaluator.BatchSize));
        var others = MadeUp(experiment, evaluated, continuous, task, device);
        return new Measured(
            first, second, SecondsOf(() => Evaluate(continuous, task, others), cancellation) / evaluated,
            SecondsOf(() => MadeUp(experiment, evaluated, continuous, task, device), cancellation) / evaluated);
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
        Validations(experiment) * examples.Validation + 3 * examples.Test + Trials(experiment) * Math.Min(examples.Validation, Examples.RoundingCount);

    /// <summary>Examples that are brought to the first mask: each once where they are kept there, otherwise whenever they are met.</summary>
    private static long Encoded(Experiment experiment, ExampleCounts examples, long?[] kept)
    {
        var epochs = experiment.Training.FullPrecision.Epochs + experiment.Training.Quantized.Epochs + EpochsOfRefinement(experiment);
        (long Count, long Times)[] splits =
        [
            (examples.Train, epochs), (examples.Validation, Validations(experiment)), (Math.Min(examples.Validation, Examples.RoundingCount), Trials(experiment)), (examples.Test, 3),
        ];
        return splits.Zip(kept, (split, bytes) => split.Count * (bytes is null ? split.Times : 1)).Sum();
    }

    /// <summary>A batch of random images where training takes them from, at the first mask or at the input, all of the first class.</summary>
    private static Batch MadeUp(Experiment experiment, int size, DiffractiveNetwork network, LearningTask task, Device device)
    {
        const int Pixels = 28;
        using var scope = NewDisposeScope();
        var split = new Split(randint(0, 256, [size, Pixels, Pixels], ScalarType.Byte), zeros([size], ScalarType.Int64));
        using var source = new FieldSource(split, network, task, device, memoryLimit: 0, experiment.Perturbation.ReachesInput);
        var batch = source.Take(arange(size, dtype: ScalarType.Int64, device: device));
        batch.Fields.MoveToOuterDisposeScope();
        batch.Targets.MoveToOuterDisposeScope();
        batch.Entered.MoveToOuterDisposeScope();
        return batch;
    }

    private static DiffractiveNetwork Quantized(Experiment experiment, DiffractiveNetwork continuous)
    {
        var rounding = new PostTraining(continuous, experiment.Levels!);
        var offsets = new double[experiment.Model.LayerCount];
        return experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, rounding.Positions(offsets));
    }

    private static double SecondsOf(Action step, DiffractiveNetwork network, PhaseOptions phase, LearningTask task, CancellationToken cancellation)
    {
        network.train();
        Parameter[] parameters = [.. network.parameters().Concat(task.parameters()).Where(p => p.requires_grad)];
        using var optimizer = phase.Optimizer.Build(parameters);
        return SecondsOf(() =>
        {
            optimizer.zero_grad();
            step();
            optimizer.step();
        }, cancellation);
    }

    private static double SecondsOf(Action work, CancellationToken cancellation)
    {
        // The first calls build transfer functions and compile; they would count hundredfold.
        work();
        cancellation.ThrowIfCancellationRequested();
        work();
        List<double> all = [];
        for (var clock = Stopwatch.StartNew(); all.Count == 0 || clock.Elapsed < Sample;)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var before = clock.Elapsed;
            work();
            all.Add((clock.Elapsed - before).TotalSeconds);
        }
        // What else the machine does makes a step longer, never shorter.
        all.Sort();
        return all.Take((all.Count + 1) / 2).Average();
    }

    private static void Step(DiffractiveNetwork network, LearningTask task, Batch batch, PerturbationOptions perturbation)
    {
        using var scope = NewDisposeScope();
        using var drawn = perturbation.IsAny ? DeviceErrors.Of(network, perturbation.Errors, seed: 1, _ => 1) : null;
        var loss = task.Loss(batch.Through(network, drawn), batch.Targets, batch.Entered);
        loss.backward();
        network.ThrowIfBackwardFailed();
        // Waits for a device that computes behind the program's back.
        _ = loss.item<float>();
    }

    private static void Evaluate(DiffractiveNetwork network, LearningTask task, Batch batch)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        network.eval();
        using var measurement = task.Measure();
        measurement.Add(batch.Through(network), batch.Targets, batch.Entered);
        _ = measurement.Result();
    }
}
