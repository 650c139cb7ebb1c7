using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>Where a tensor's numbers lie in memory.</summary>
internal static unsafe class FirstElement
{
    /// <summary>Returns the address of the first element; a span over all of a tensor ends at 2 GB, one over one element does not.</summary>
    /// <param name="tensor">Contiguous, on the CPU, not empty, real or complex of single precision; must outlive the use of the address.</param>
    public static float* Of(torch.Tensor tensor) => Of<float>(tensor);

    /// <summary>The same for other types of numbers.</summary>
    public static T* Of<T>(torch.Tensor tensor)
        where T : unmanaged
    {
        using var first = tensor.view(-1).narrow(0, 0, 1);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
