using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>Metrics over many batches, summed up on the device so that no batch waits for the host.</summary>
/// <param name="task">The task, which declares them.</param>
public abstract class Measurement(LearningTask task) : IDisposable
{
    /// <summary>Adds a batch.</summary>
    /// <param name="output">The light of B examples at the output plane.</param>
    /// <param name="targets">The target of each example, from <see cref="LearningTask.Targets"/>.</param>
    public abstract void Add(Output output, Tensor targets);

    /// <summary>The mean loss over all examples.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been added.</exception>
    public abstract double Loss { get; }

    /// <summary>The metrics, each that the task declares and no other: fractions, never percent. The loss is not among them.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been added.</exception>
    protected abstract IReadOnlyDictionary<Metric, double> Values();

    /// <summary>All metrics by name, the loss among them, in the order in which the task declares them.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been added, or the metrics are not those that the task declares.</exception>
    public IReadOnlyDictionary<string, double> Result()
    {
        var declared = task.AllMetrics();
        var values = Values();
        if (values.Keys.FirstOrDefault(metric => metric == Metric.Loss || !declared.Contains(metric)) is { } surplus)
            throw task.Contradiction(surplus == Metric.Loss ? "returns the loss among its metrics, and has it as Loss already" : $"returns the metric '{surplus.Name}', and the task does not declare it so; add it to Metrics, with the same unit and direction");
        if (declared.FirstOrDefault(metric => metric != Metric.Loss && !values.ContainsKey(metric)) is { } missing)
            throw task.Contradiction($"does not return the metric '{missing.Name}', which the task declares; return it, or take it out of Metrics");
        return declared.ToDictionary(metric => metric.Name, metric => metric == Metric.Loss ? Loss : values[metric], StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
