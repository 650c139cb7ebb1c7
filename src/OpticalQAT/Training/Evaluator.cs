using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>Measures a model on a split.</summary>
public static class Evaluator
{
    internal const int BatchSize = 128;

    /// <summary>The metrics of what is printed: hard levels, whatever the state of training.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted, between two batches; so of the others.</exception>
    public static Measurement Evaluate(OpticalModel network, LearningTask task, ExampleFields examples, CancellationToken cancellation = default) =>
        Evaluate(network, task, examples, progress: 1, cancellation);

    /// <summary>The same while the model is trained.</summary>
    /// <param name="network">The model.</param>
    /// <param name="task">The task, on the same device.</param>
    /// <param name="examples">The split.</param>
    /// <param name="progress">The progress of training, from 0 to 1, which the schedules of the loss follow.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    public static Measurement Evaluate(OpticalModel network, LearningTask task, ExampleFields examples, double progress, CancellationToken cancellation = default) =>
        Measure(network, task, examples, hard: true, null, progress, cancellation);

    /// <summary>The metrics of the soft forward that training sees. Never a result: the gap to the hard ones is what it is for.</summary>
    /// <param name="network">The model.</param>
    /// <param name="task">The task, on the same device.</param>
    /// <param name="examples">The split.</param>
    /// <param name="progress">The progress of training, from 0 to 1.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    public static Measurement EvaluateSoft(OpticalModel network, LearningTask task, ExampleFields examples, double progress = 1, CancellationToken cancellation = default) =>
        Measure(network, task, examples, hard: false, null, progress, cancellation);

    /// <summary>The metrics of one fabricated device: what is printed, with its errors.</summary>
    public static Measurement Evaluate(OpticalModel network, LearningTask task, ExampleFields examples, DeviceErrors device, CancellationToken cancellation = default) =>
        Measure(network, task, examples, hard: true, device, progress: 1, cancellation);

    private static Measurement Measure(OpticalModel network, LearningTask task, ExampleFields examples, bool hard, DeviceErrors? device, double progress, CancellationToken cancellation)
    {
        using var untracked = no_grad();
        var training = network.training;
        network.train(!hard);
        try
        {
            var measurement = task.Measure();
            foreach (var batch in Scoped(examples, ExampleFields.AtOnce(BatchSize, network.Grid.Size, network.Propagator.Lines.Count)))
            {
                cancellation.ThrowIfCancellationRequested();
                measurement.Add(batch.Through(network, device, progress), batch.Targets);
            }
            return measurement;
        }
        finally
        {
            network.train(training);
        }
    }

    private static IEnumerable<Batch> Scoped(ExampleFields examples, int batchSize)
    {
        using var batches = examples.InOrder(batchSize).GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
                yield break;
            yield return batches.Current;
        }
    }
}
