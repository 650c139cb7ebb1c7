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

    /// <summary>
    /// Bytes that a step works in, at most: batch·8·(3·M² + 2·layers·N²), three padded planes in flight and two fields
    /// kept for each layer's gradient; or, where that is more, what encoding 256 examples takes, 256·8·3·M²; and that for each wavelength. The fast
    /// path stays well below it, for it makes no padded planes.
    /// </summary>
    public required long WorkBytes { get; init; }

    /// <summary>Seconds of a full-precision step.</summary>
    public required double FullPrecisionStepSeconds { get; init; }

    /// <summary>Seconds of a step through the quantizer; in full precision those of phase two are the same.</summary>
    public required double QuantizedStepSeconds { get; init; }

    /// <summary>Training images a second.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Steps of the whole run; null without a dataset.</summary>
    public required long? Steps { get; init; }

    /// <summary>Seconds of the whole run, evaluations included; null without a dataset.</summary>
    public required double? Seconds { get; init; }

    /// <summary>Measures a few steps; takes about two seconds where a step is short.</summary>
    /// <param name="experiment">An experiment without errors.</param>
    /// <param name="examples">How many examples there are; null where that is not known.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <exception cref="NativeRuntimeException">The device cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    internal static TrainingEstimate Of(Experiment experiment, ExampleCounts? examples, CancellationToken cancellation = default)
    {
        var device = ComputeDevice.Resolve(experiment.Device).Device;
        Threads.Use();
        using var scope = NewDisposeScope();
        using var task = experiment.Task.Build(experiment.Optics).to(device);
        using var continuous = experiment.Model.Build(experiment.Optics, experiment.Levels, new Generator(0)).to(device);
        var batch = MadeUp(experiment, continuous, task, device);

        var training = experiment.Training;
        var first = SecondsOf(() => Step(continuous, task, batch, experiment.Perturbation), continuous, training.FullPrecision, task, cancellation);
        var second = first;
        if (experiment.Quantizer is not NoQuantizer)
        {
            using var quantized = Quantized(experiment, continuous).to(device);
            second = SecondsOf(() => Step(quantized, task, batch, experiment.Perturbation), quantized, training.Quantized, task, cancellation);
        }
        var evaluation = SecondsOf(() => Evaluate(continuous, task, batch), cancellation) / training.BatchSize;

        var stepsPerEpoch = examples is null ? (long?)null : (examples.Train + training.BatchSize - 1) / training.BatchSize;
        return new TrainingEstimate
        {
            Device = device.ToString(),
            FieldBytes = examples is null ? null : Fields(experiment, examples, Examples.MemoryLimit(device)),
            WorkBytes = Work(experiment),
            FullPrecisionStepSeconds = first,
            QuantizedStepSeconds = second,
            ImagesPerSecond = training.BatchSize / second,
            Steps = stepsPerEpoch * (training.FullPrecision.Epochs + training.Quantized.Epochs),
            Seconds = stepsPerEpoch * (training.FullPrecision.Epochs * first + training.Quantized.Epochs * second)
                + evaluation * (examples is null ? null : Evaluated(experiment, examples)),
        };
    }

    /// <summary>Examples that are evaluated: validation after each epoch, three tests, and the trials of post-training rounding.</summary>
    private static long Evaluated(Experiment experiment, ExampleCounts examples)
    {
        var epochs = experiment.Training.FullPrecision.Epochs + experiment.Training.Quantized.Epochs;
        var trials = experiment.Levels is null ? 0 : PostTraining.Trials(experiment.Model.LayerCount);
        return (epochs + 3) * examples.Validation + 3 * examples.Test + trials * Math.Min(examples.Validation, Examples.RoundingCount);
    }

    /// <summary>Bytes of the splits that are kept as fields, those that a limit allows.</summary>
    internal static long Fields(Experiment experiment, ExampleCounts examples, long limit)
    {
        long[] splits = [examples.Train, examples.Validation, examples.Test, Math.Min(examples.Validation, Examples.RoundingCount)];
        return splits.Select(count => FieldSource.BytesFor(count, experiment.Optics.Grid.Size, experiment.Optics.Waves.Count)).Where(bytes => bytes <= limit).Sum();
    }

    /// <summary>As <see cref="WorkBytes"/>.</summary>
    internal static long Work(Experiment experiment)
    {
        const long Bytes = 8;
        var grid = experiment.Optics.Grid;
        var (plane, padded) = ((long)grid.Size * grid.Size, (long)Math.Pow(experiment.Optics.Propagator.PlaneSize(grid), 2));
        var step = experiment.Training.BatchSize * Bytes * (3 * padded + 2 * experiment.Model.LayerCount * plane);
        return experiment.Optics.Waves.Count * Math.Max(step, FieldSource.Chunk * Bytes * 3 * padded);
    }

    /// <summary>A batch of random images where training takes them from, at the first mask or at the input, all of the first class.</summary>
    private static Batch MadeUp(Experiment experiment, DiffractiveNetwork network, LearningTask task, Device device)
    {
        const int Pixels = 28;
        var size = experiment.Training.BatchSize;
        var split = new Split(randint(0, 256, [size, Pixels, Pixels], ScalarType.Byte), zeros([size], ScalarType.Int64));
        using var source = new FieldSource(split, network, task, device, memoryLimit: 0, experiment.Perturbation.ReachesInput);
        return source.Take(arange(size, dtype: ScalarType.Int64, device: device));
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
        var clock = Stopwatch.StartNew();
        var count = 0;
        while (count == 0 || clock.Elapsed < Sample)
        {
            cancellation.ThrowIfCancellationRequested();
            work();
            count++;
        }
        return clock.Elapsed.TotalSeconds / count;
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
