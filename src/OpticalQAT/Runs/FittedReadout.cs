using OpticalQAT.Models;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>The best scores that given light allows by fitting the read-out alone, in closed form, with nothing learnt.</summary>
public static class FittedReadout
{
    private const int BatchSize = 128;

    /// <summary>
    /// The floor that a processor has to rise above: what free space does without any mask. The read-out is fitted on the
    /// training split, the score is that of the test split.
    /// </summary>
    /// <returns>The test metrics; null for a task whose read-out has nothing to fit.</returns>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static IReadOnlyDictionary<string, double>? OfFreeSpace(OpticalModel network, LearningTask task, DatasetFields fields, CancellationToken cancellation = default)
    {
        using var untracked = no_grad();
        using var fitted = Fit(task, fields.Train, network, network.WithoutMasks, cancellation);
        if (fitted is null)
            return null;
        using var measurement = fitted.Measure();
        foreach (var (output, batch) in Outputs(fields.Test, network, network.WithoutMasks, cancellation))
            measurement.Add(output, batch.Targets);
        return measurement.Result();
    }

    /// <summary>
    /// Gives a task the read-out that suits a rounded model, where that scores better than the one it has: rounding changes
    /// how much light arrives, and a read-out made for other light would make it look worse than it is.
    /// </summary>
    /// <param name="network">The rounded model.</param>
    /// <param name="task">The task whose read-out is changed.</param>
    /// <param name="examples">The examples that the read-out is fitted to, and chosen by.</param>
    /// <param name="cancellation">Stops it; the read-out is then of no use.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static void Improve(OpticalModel network, LearningTask task, ExampleFields examples, CancellationToken cancellation = default)
    {
        using var untracked = no_grad();
        network.eval();
        using var fitted = Fit(task, examples, network, field => network.FromFirstMask(field), cancellation);
        if (fitted is null)
            return;
        var before = Score(network, task, examples, cancellation);
        var kept = task.State().Select(each => (each.Tensor, Value: each.Tensor.detach().clone())).ToArray();
        task.TakeOver(fitted);
        var isBetter = task.Score.IsBetter(Score(network, task, examples, cancellation), before);
        foreach (var (tensor, value) in kept)
        {
            using (value)
            {
                if (!isBetter)
                    tensor.copy_(value);
            }
        }
    }

    private static LearningTask? Fit(LearningTask task, ExampleFields source, OpticalModel network, Func<Tensor, Tensor> propagate, CancellationToken cancellation) =>
        task.FittedTo(Outputs(source, network, propagate, cancellation).Select(o => (o.Output, o.Batch.Targets)));

    private static double Score(OpticalModel network, LearningTask task, ExampleFields examples, CancellationToken cancellation)
    {
        using var measurement = Evaluator.Evaluate(network, task, examples, cancellation);
        return measurement.Result()[task.Score.Name];
    }

    private static IEnumerable<(Output Output, Batch Batch)> Outputs(ExampleFields source, OpticalModel network, Func<Tensor, Tensor> propagate, CancellationToken cancellation)
    {
        using var batches = source.InOrder(ExampleFields.AtOnce(BatchSize, network.Grid.Size, network.Propagator.Lines.Count)).GetEnumerator();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
                yield break;
            yield return (batches.Current.At(propagate(batches.Current.Fields)), batches.Current);
        }
    }
}
