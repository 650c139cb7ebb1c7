using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>The surface that the light meets at the masks: their transmissions, and the heights behind these where they were asked for.</summary>
/// <param name="Transmissions">complex, [masks, N, N]; [W, masks, N, N] in light of several wavelengths.</param>
/// <param name="Heights">float64, [masks, N, N], metres, of the same masks; null where only transmissions were asked for.</param>
public sealed record MaskSurface(Tensor Transmissions, Tensor? Heights = null)
{
    /// <summary>The same masks without a gradient, and without their heights: to be differentiated by the transmissions themselves.</summary>
    public MaskSurface AsLeaf() => new(Transmissions.detach().requires_grad_(true));

    /// <summary>Keeps the tensors alive beyond the innermost dispose scope.</summary>
    public MaskSurface MoveToOuterDisposeScope() => new(Transmissions.MoveToOuterDisposeScope(), Heights?.MoveToOuterDisposeScope());
}
