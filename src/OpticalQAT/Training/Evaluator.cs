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
    public static Measurement Evaluate(OpticalModel network, LearningTask task, FieldSource examples, CancellationToken cancellation = default) =>
        Measure(network, task, examples, hard: true, null, cancellation);

    /// <summary>The metrics of the soft forward that training sees. Never a result: the gap to the hard ones is what it is for.</summary>
    public static Measurement EvaluateSoft(OpticalModel network, LearningTask task, FieldSource examples, CancellationToken cancellation = default) =>
        Measure(network, task, examples, hard: false, null, cancellation);

    /// <summary>The metrics of one fabricated device: what is printed, with its errors.</summary>
    public static Measurement Evaluate(OpticalModel network, LearningTask task, FieldSource examples, DeviceErrors device, CancellationToken cancellation = default) =>
        Measure(network, task, examples, hard: true, device, cancellation);

    private static Measurement Measure(OpticalModel network, LearningTask task, FieldSource examples, bool hard, DeviceErrors? device, CancellationToken cancellation)
    {
        using var untracked = no_grad();
        var training = network.training;
        network.train(!hard);
        task.Reading = device?.Detector;
        try
        {
            var measurement = task.Measure();
            foreach (var batch in Scoped(examples, FieldSource.AtOnce(BatchSize, network.Grid.Size, network.Propagator.Lines.Count)))
            {
                cancellation.ThrowIfCancellationRequested();
                measurement.Add(batch.Through(network, device), batch.Targets, batch.Entered);
            }
            return measurement;
        }
        finally
        {
            network.train(training);
            task.Reading = null;
        }
    }

    private static IEnumerable<Batch> Scoped(FieldSource examples, int batchSize)
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
