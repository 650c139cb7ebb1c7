using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>The address of a tensor's numbers in memory.</summary>
internal static class FirstElement
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

    /// <summary>The first element; a span over all of a tensor ends at 2 GB, what lies behind one element does not.</summary>
    /// <param name="tensor"><see cref="Plain"/>: contiguous, on the CPU, not empty, real or complex of single precision; must outlive the use of the reference.</param>
    public static ref float Of(torch.Tensor tensor) => ref Of<float>(tensor);

    /// <summary>The same for other types of numbers.</summary>
    public static ref T Of<T>(torch.Tensor tensor)
        where T : unmanaged
    {
        using var first = tensor.view(-1).narrow(0, 0, 1);
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>The first element, or a null reference where there is no tensor.</summary>
    public static ref float OrNull(torch.Tensor? tensor) => ref tensor is null ? ref Unsafe.NullRef<float>() : ref Of(tensor);

    /// <summary>Some of the elements.</summary>
    /// <param name="tensor">As for <see cref="Of{T}"/>, unless nothing is asked for.</param>
    /// <param name="first">The index of the first of them in the memory.</param>
    /// <param name="count">Their number.</param>
    public static Span<T> Some<T>(torch.Tensor tensor, long first, int count)
        where T : unmanaged => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Of<T>(tensor), (nint)first), count);
}
