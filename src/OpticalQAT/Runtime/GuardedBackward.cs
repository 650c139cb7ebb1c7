using static TorchSharp.torch;

namespace OpticalQAT.Runtime;

/// <summary>Backward passes through this library's nodes.</summary>
public static class GuardedBackward
{
    /// <summary>
    /// A backward pass that throws what fails in a node of this library. torch's own <c>backward</c> would return as if nothing had
    /// happened, with gradients missing; the thread's next step through a node throws it then.
    /// </summary>
    /// <param name="loss">A scalar, differentiable.</param>
    /// <exception cref="InvalidOperationException">A gradient could not be computed; the inner exception says why.</exception>
    public static void BackwardGuarded(this Tensor loss) => BackwardGuard.OfThisThread.Run(() => loss.backward());
}
