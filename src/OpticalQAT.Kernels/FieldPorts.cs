using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpticalQAT.Kernels;

/// <summary>The source that the first pass of a transform reads from.</summary>
internal interface IFieldSource<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Reads the value at an offset, in floats.</summary>
    T Load(nint offset);
}

/// <summary>The sink that the last pass of an inverse transform writes to.</summary>
internal interface IFieldSink<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Writes the value at an offset, in floats.</summary>
    void Store(nint offset, T value);
}

/// <summary>A field as it is.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct BareField<T>(float* field) : IFieldSource<T>, IFieldSink<T>
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Load(nint offset) => T.Load(field + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint offset, T value) => value.Store(field + offset);
}

/// <summary>A field behind a mask: t·u.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct MaskedField<T>(float* field, float* mask) : IFieldSource<T>
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Load(nint offset) => T.Load(field + offset) * T.Load(mask + offset);
}

/// <summary>
/// The backward pass through a mask. Of the gradient g that arrives behind it, conj(u)·g is the gradient of its transmission,
/// added to those of the samples before, and conj(t)·g is the gradient of the field in front of it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct MaskAdjoint<T>(float* field, float* mask, float* maskGradient, float* fieldGradient)
    : IFieldSink<T>
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint offset, T value)
    {
        var sum = T.Load(maskGradient + offset) + T.TimesConjugate(value, T.Load(field + offset));
        sum.Store(maskGradient + offset);
        T.TimesConjugate(value, T.Load(mask + offset)).Store(fieldGradient + offset);
    }
}
