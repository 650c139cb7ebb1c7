using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>The differences of one device from its design: in the light that enters, in the masks, and in the free space between the planes.</summary>
public abstract class Deviation : IDisposable
{
    /// <summary>Whether the light reaches the first mask otherwise than in the design.</summary>
    public abstract bool ReachesInput { get; }

    /// <summary>The field that enters the device.</summary>
    /// <param name="input">complex, [B, N, N] or [B, W, N, N], as it enters by design.</param>
    /// <param name="design">The design.</param>
    public abstract Tensor Entering(Tensor input, OpticalModel design);

    /// <summary>The surface that the light meets at the device's masks.</summary>
    /// <param name="masks">The masks of the design.</param>
    public abstract MaskSurface Surface(MaskStack masks);

    /// <summary>The propagation over each gap of the device, from the input to the output; null where all are the design's. Must outlive the backward pass.</summary>
    /// <param name="design">The design.</param>
    public abstract IReadOnlyList<Propagation>? Propagations(OpticalModel design);

    /// <inheritdoc/>
    public abstract void Dispose();
}
