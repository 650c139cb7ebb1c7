using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>Where a tensor's numbers lie in memory.</summary>
internal static unsafe class FirstElement
{
    /// <summary>
    /// A tensor whose memory holds its numbers row by row. A conjugate of torch's, or a negative, may be a view that says so of
    /// memory which holds the other numbers: whoever reads memory asks for this first.
    /// </summary>
    /// <returns>The same numbers, detached; the same memory where it holds them already.</returns>
    public static torch.Tensor Plain(torch.Tensor tensor)
    {
        using var detached = tensor.detach();
        using var unconjugated = detached.resolve_conj();
        using var resolved = unconjugated.resolve_neg();
        return resolved.contiguous();
    }

    /// <summary>Returns the address of the first element; a span over all of a tensor ends at 2 GB, one over one element does not.</summary>
    /// <param name="tensor"><see cref="Plain"/>: contiguous, on the CPU, not empty, real or complex of single precision; must outlive the use of the address.</param>
    public static float* Of(torch.Tensor tensor) => Of<float>(tensor);

    /// <summary>The same for other types of numbers.</summary>
    public static T* Of<T>(torch.Tensor tensor)
        where T : unmanaged
    {
        using var first = tensor.view(-1).narrow(0, 0, 1);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
