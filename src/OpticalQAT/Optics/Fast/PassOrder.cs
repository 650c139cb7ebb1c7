namespace OpticalQAT.Optics.Fast;

/// <summary>
/// What surrounds the butterflies of a pass; constants, so that the compiler keeps only the code of one order.
/// Forward, decimation in frequency: butterflies, then factors. Inverse, decimation in time: the same passes backwards,
/// factors first, on values with real and imaginary parts exchanged (swap(z·conj(w)) = swap(z)·w, so that both directions
/// share one table of factors).
/// </summary>
internal interface IPassOrder
{
    /// <summary>Gets a value indicating whether factors come first and the parts are exchanged.</summary>
    static abstract bool IsInverse { get; }

    /// <summary>Gets a value indicating whether there are factors: a pass of span 1 has none but ones.</summary>
    static abstract bool HasFactors { get; }
}

/// <summary>Butterflies, then factors.</summary>
internal readonly struct Forward : IPassOrder
{
    public static bool IsInverse => false;

    public static bool HasFactors => true;
}

/// <summary>The forward pass of span 1.</summary>
internal readonly struct ForwardLast : IPassOrder
{
    public static bool IsInverse => false;

    public static bool HasFactors => false;
}

/// <summary>Factors, then butterflies, on exchanged parts.</summary>
internal readonly struct Inverse : IPassOrder
{
    public static bool IsInverse => true;

    public static bool HasFactors => true;
}

/// <summary>The inverse pass of span 1.</summary>
internal readonly struct InverseFirst : IPassOrder
{
    public static bool IsInverse => true;

    public static bool HasFactors => false;
}

/// <summary>Whether a propagation is run as it is or as its adjoint, with conj(H); a constant as well.</summary>
internal interface IFilter
{
    /// <summary>Gets a value indicating whether the transfer function is conjugated.</summary>
    static abstract bool IsAdjoint { get; }
}

/// <summary>Multiplies by H: the propagation itself.</summary>
internal readonly struct Direct : IFilter
{
    public static bool IsAdjoint => false;
}

/// <summary>Multiplies by conj(H): the way of the gradients.</summary>
internal readonly struct Adjoint : IFilter
{
    public static bool IsAdjoint => true;
}
