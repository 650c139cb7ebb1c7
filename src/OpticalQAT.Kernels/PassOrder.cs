namespace OpticalQAT.Kernels;

/// <summary>The work of a pass around its butterflies.</summary>
internal enum PassKind
{
    /// <summary>Decimation in frequency: butterflies, then factors.</summary>
    Forward,

    /// <summary>The forward pass of span 1, whose factors are all one.</summary>
    ForwardLast,

    /// <summary>The inverse of <see cref="ForwardLast"/>.</summary>
    InverseFirst,

    /// <summary>
    /// Decimation in time: factors, then butterflies, on values with real and imaginary parts exchanged. As
    /// swap(z·conj(w)) = swap(z)·w, both directions share butterflies and factors.
    /// </summary>
    Inverse,

    /// <summary>The forward pass of span 1, the product with H, and the inverse pass of span 1, in one sweep.</summary>
    Filter,

    /// <summary>The same with conj(H).</summary>
    FilterAdjoint,
}

/// <summary>A kind of pass as a type, so that the compiler knows it and keeps only its code.</summary>
internal interface IPassOrder
{
    static abstract PassKind Kind { get; }
}

/// <summary><see cref="PassKind.Forward"/>.</summary>
internal readonly struct Forward : IPassOrder
{
    public static PassKind Kind => PassKind.Forward;
}

/// <summary><see cref="PassKind.ForwardLast"/>.</summary>
internal readonly struct ForwardLast : IPassOrder
{
    public static PassKind Kind => PassKind.ForwardLast;
}

/// <summary><see cref="PassKind.InverseFirst"/>.</summary>
internal readonly struct InverseFirst : IPassOrder
{
    public static PassKind Kind => PassKind.InverseFirst;
}

/// <summary><see cref="PassKind.Inverse"/>.</summary>
internal readonly struct Inverse : IPassOrder
{
    public static PassKind Kind => PassKind.Inverse;
}

/// <summary><see cref="PassKind.Filter"/>: the propagation itself.</summary>
internal readonly struct Filter : IPassOrder
{
    public static PassKind Kind => PassKind.Filter;
}

/// <summary><see cref="PassKind.FilterAdjoint"/>: the propagation of the gradients.</summary>
internal readonly struct FilterAdjoint : IPassOrder
{
    public static PassKind Kind => PassKind.FilterAdjoint;
}
