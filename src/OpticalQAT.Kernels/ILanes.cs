namespace OpticalQAT.Kernels;

/// <summary>
/// W complex numbers side by side, one per lane of a vector register: the number type in which the fast path computes
/// W independent Fourier transforms at once. In memory a value is W real parts followed by W imaginary parts.
/// </summary>
/// <remarks>
/// The implementations are flat pairs of vectors and every member is inlined: the compiler keeps a value in two registers
/// only as long as it sees through all of it. Multiplications by ±i are part of the additions
/// (<see cref="PlusI"/>, <see cref="MinusI"/>), so that no sign is ever flipped by an instruction of its own.
/// </remarks>
/// <typeparam name="T">The implementing type itself.</typeparam>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>W, the number of complex values side by side.</summary>
    static abstract int Width { get; }

    /// <summary>Reads W real parts at <paramref name="source"/> and the W imaginary parts behind them.</summary>
    static abstract T Load(float* source);

    /// <summary>Reads W interleaved complex numbers (re, im, re, im, …), the layout of torch.</summary>
    static abstract T Deinterleave(float* source);

    /// <summary>
    /// Transposes a W×W block of complex values: lane r of value c becomes lane c of value r. Both sides are W values
    /// (2·W floats each) one behind the other; the blocks must not overlap.
    /// </summary>
    static abstract void Transpose(float* source, float* target);

    /// <summary>Returns a + i·b.</summary>
    static abstract T PlusI(T a, T b);

    /// <summary>Returns a - i·b.</summary>
    static abstract T MinusI(T a, T b);

    /// <summary>Returns a + s·b for a real s, the same in every lane.</summary>
    static abstract T AddScaled(T a, T b, float s);

    /// <summary>Returns a·(w[0] + i·w[1]), the factor the same in every lane.</summary>
    static abstract T Twiddle(T a, float* w);

    /// <summary>Returns a·conj(b), lane by lane.</summary>
    static abstract T TimesConjugate(T a, T b);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    /// <summary>The complex product, lane by lane.</summary>
    static abstract T operator *(T a, T b);

    /// <summary>The product with a real number, the same in every lane.</summary>
    static abstract T operator *(T a, float s);

    /// <summary>Exchanges real and imaginary parts, i·conj(a): what turns a forward transform into an inverse one.</summary>
    T Swap();

    /// <summary>Writes W real parts to <paramref name="target"/> and the W imaginary parts behind them.</summary>
    void Store(float* target);

    /// <summary>Writes W interleaved complex numbers.</summary>
    void Interleave(float* target);
}
