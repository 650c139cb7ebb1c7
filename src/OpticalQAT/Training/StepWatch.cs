using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>
/// The losses and gradient sums of the latest steps, kept on the device. On the CPU they are looked at in every step; on
/// an accelerator every so often, so that no step waits for the device.
/// </summary>
internal sealed class StepWatch(Device device) : IDisposable
{
    private readonly int _interval = device.type == TorchSharp.DeviceType.CPU ? 1 : 32;
    private readonly List<Tensor> _pending = [];

    /// <summary>Whether it is time to look.</summary>
    public bool IsDue => _pending.Count >= _interval;

    /// <summary>Steps that have not been looked at.</summary>
    public int Pending => _pending.Count;

    /// <summary>Remembers a step.</summary>
    /// <param name="loss">The step's loss, a scalar.</param>
    /// <param name="gradients">Its gradients; their sum is not finite where one of them is not.</param>
    public void Add(Tensor loss, IEnumerable<Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var sum = stack(gradients.Select(gradient => gradient.sum())).sum().to(ScalarType.Float32); // some parameters are float64
        _pending.Add(stack([loss.detach(), sum]).DetachFromDisposeScope());
    }

    /// <summary>Waits for the device and returns the steps since the last look, the oldest first.</summary>
    public (float Loss, float GradientSum)[] Look()
    {
        if (_pending.Count == 0)
            return [];
        using var scope = NewDisposeScope();
        var values = stack(_pending).cpu().data<float>().ToArray();
        _pending.ForEach(step => step.Dispose());
        _pending.Clear();
        return [.. Enumerable.Range(0, values.Length / 2).Select(i => (values[2 * i], values[2 * i + 1]))];
    }

    /// <inheritdoc/>
    public void Dispose() => _pending.ForEach(step => step.Dispose());
}
