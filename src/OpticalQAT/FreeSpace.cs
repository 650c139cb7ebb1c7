using OpticalQAT.Models;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary>
/// What the light does without any mask: the floor that a processor has to rise above. The read-out is fitted in closed
/// form on the training split, the score is that of the test split.
/// </summary>
public static class FreeSpace
{
    private const int BatchSize = 128;

    /// <summary>The test metrics of free space; null for a task whose read-out has nothing to fit.</summary>
    public static IReadOnlyDictionary<string, double>? Measure(DiffractiveNetwork network, LearningTask task, Examples examples)
    {
        using var untracked = no_grad();
        using var fitted = task.FittedTo(Outputs(network, examples.Train).Select(o => (o.Output, o.Batch.Targets)));
        if (fitted is null)
            return null;
        using var measurement = fitted.Measure();
        foreach (var (output, batch) in Outputs(network, examples.Test))
            measurement.Add(output, batch.Targets, batch.Entered);
        return measurement.Result();
    }

    private static IEnumerable<(Tensor Output, Batch Batch)> Outputs(DiffractiveNetwork network, FieldSource source)
    {
        using var batches = source.InOrder(BatchSize).GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
                yield break;
            yield return (network.WithoutMasks(batches.Current.Fields), batches.Current);
        }
    }
}
