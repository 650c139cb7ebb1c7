using OpticalQAT.Models;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>A copy of everything that is learnt, by name: the positions of every mask, the parameters and the state of its quantizer, the parameters and buffers of the task.</summary>
public sealed class ModelState : IDisposable
{
    private const string NetworkPrefix = "network.";
    private const string TaskPrefix = "task.";

    private ModelState(IReadOnlyDictionary<string, Tensor> tensors) => Tensors = tensors;

    /// <summary>The tensors, on the host.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>A copy of a model as it stands.</summary>
    public static ModelState Of(OpticalModel network, LearningTask task) =>
        new(Live(network, task).ToDictionary(pair => pair.Name, pair => Copy(pair.Tensor), StringComparer.Ordinal));

    /// <summary>A state that was stored; the tensors become its own.</summary>
    public static ModelState From(IReadOnlyDictionary<string, Tensor> tensors) => new(tensors);

    /// <summary>Writes the state into a model of the same shape.</summary>
    /// <exception cref="ArgumentException">The model has another shape.</exception>
    public void Restore(OpticalModel network, LearningTask task)
    {
        using var untracked = no_grad();
        foreach (var (name, tensor) in Live(network, task))
        {
            if (!Tensors.TryGetValue(name, out var stored) || !stored.shape.SequenceEqual(tensor.shape))
                throw new ArgumentException($"the stored state has no '{name}' of shape [{string.Join(", ", tensor.shape)}]: it belongs to a model of another geometry");
            tensor.copy_(stored);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Live(OpticalModel network, LearningTask task) =>
    [
        .. network.named_parameters().Select(p => (NetworkPrefix + p.name, (Tensor)p.parameter)),
        .. network.named_buffers().Select(b => (NetworkPrefix + b.name, b.buffer)),
        .. task.State().Select(s => (TaskPrefix + s.Name, s.Tensor)),
    ];

    private static Tensor Copy(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(CPU, copy: true).DetachFromDisposeScope();
    }
}
