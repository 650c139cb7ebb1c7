using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// A constant that is wanted on whatever device the model is on: made once for each. It is no field of type Tensor,
/// so that a module does not take it for a buffer that belongs into its state.
/// </summary>
internal sealed class PerDevice(Func<Tensor> make)
{
    private readonly ConcurrentDictionary<string, Tensor> _made = new(StringComparer.Ordinal);

    public Tensor On(Device device) => _made.GetOrAdd(device.ToString(), _ =>
    {
        using var scope = NewDisposeScope();
        return make().to(device, copy: true).DetachFromDisposeScope();
    });
}
