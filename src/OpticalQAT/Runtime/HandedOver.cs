using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>
/// The gradients that a backward call returns. torch copies the handles after the managed code has returned, so the tensors must
/// outlive the call; and on an accelerator it calls on a thread of its own, where no dispose scope ends, so that left alone they
/// would hold the device's memory until a garbage collection. Here they live until the thread's next backward call.
/// </summary>
internal static class HandedOver
{
    [ThreadStatic]
    private static List<torch.Tensor?>? _last;

    /// <summary>Gives gradients to torch, and lets go of those that were given before.</summary>
    /// <param name="gradients">One for each argument of the node; null for those that have none.</param>
    /// <returns>The return value of the backward call.</returns>
    public static List<torch.Tensor> ToTorch(params ReadOnlySpan<torch.Tensor?> gradients)
    {
        _last?.ForEach(gradient => gradient?.Dispose());
        return (_last = [.. gradients])!;
    }
}
