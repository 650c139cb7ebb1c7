namespace OpticalQAT.Kernels;

/// <summary>
/// The arithmetic of a stack of L masks on raw memory: for l = 0 … L-1, u ← Pₗ(tₗ·u), and its gradient; or without masks,
/// u ← Pₗ(u). All arrays are interleaved complex floats, row by row.
/// </summary>
/// <remarks>
/// Samples are independent: worker w of W takes the samples from B·w/W to B·(w+1)/W, adds up its own mask gradients,
/// and these are added in the order of the workers. So results repeat bit for bit for a given number of threads.
/// One call at a time: the workers' scratch memory is kept between calls.
/// </remarks>
/// <param name="points">N, the side of a plane.</param>
/// <param name="paddedLength">M, the side of the padded plane.</param>
/// <param name="vectorBits">The vector length in bits.</param>
internal abstract unsafe class StackEngine(int points, int paddedLength, int vectorBits)
{
    /// <summary>N.</summary>
    public int Points { get; } = points;

    /// <summary>M.</summary>
    public int PaddedLength { get; } = paddedLength;

    /// <summary>The vector length in bits, which the layout of the transfer functions depends on.</summary>
    public int VectorBits { get; } = vectorBits;

    /// <summary>Makes the engine for the vector length.</summary>
    /// <exception cref="ArgumentException">There is no plan for the padded length, or it is below N.</exception>
    public static StackEngine Create(int points, int paddedLength, int vectorBits)
    {
        var plan = FourierPlan.TryCreate(paddedLength);
        if (plan is null || points < 1 || points > paddedLength)
            throw new ArgumentException($"No fast transform takes {points} points padded to {paddedLength}.", nameof(points));
        return vectorBits switch
        {
            512 => new StackEngine<Lanes512>(plan, points),
            256 => new StackEngine<Lanes256>(plan, points),
            _ => new StackEngine<Lanes128>(plan, points),
        };
    }

    /// <inheritdoc cref="Forward(float*, float*, AlignedBuffer[], float*, int, SavedFields?, int)"/>
    /// <remarks>The arrays by their first elements, for callers without pointers; a null reference where there is none.</remarks>
    public void Forward(
        ref float fields, ref float masks, AlignedBuffer[] transfers, ref float output, int batch, SavedFields? saved, int threads)
    {
        fixed (float* u = &fields, t = &masks, v = &output)
            Forward(u, t, transfers, v, batch, saved, threads);
    }

    /// <inheritdoc cref="Backward(float*, AlignedBuffer[], SavedFields?, float*, float*, int, int)"/>
    /// <remarks>The arrays by their first elements, for callers without pointers; a null reference where there is none.</remarks>
    public void Backward(
        ref float outputGradient, AlignedBuffer[] transfers, SavedFields? saved, ref float maskGradient, ref float fieldGradient, int batch, int threads)
    {
        fixed (float* g = &outputGradient, ofMasks = &maskGradient, ofFields = &fieldGradient)
            Backward(g, transfers, saved, ofMasks, ofFields, batch, threads);
    }

    /// <summary>Brings a transfer function, interleaved doubles [M, M] in FFT order, into this engine's layout.</summary>
    public abstract AlignedBuffer Arrange(ReadOnlySpan<double> transfer);

    /// <summary>Brings a transfer function, given by its quadrant, into this engine's layout.</summary>
    public abstract AlignedBuffer Arrange(TransferQuadrant transfer);

    /// <summary>Makes the memory that a forward call fills for its backward call.</summary>
    public abstract SavedFields Save(int layers, int batch);

    /// <summary>Computes the field behind the stack.</summary>
    /// <param name="fields">[B, N, N], in front of the first mask.</param>
    /// <param name="masks">[L, N, N], or null for no masks.</param>
    /// <param name="transfers">L arranged transfer functions.</param>
    /// <param name="output">[B, N, N], behind the last propagation.</param>
    /// <param name="batch">B.</param>
    /// <param name="saved">Filled for the backward call, or null.</param>
    /// <param name="threads">The number of workers.</param>
    public abstract void Forward(
        float* fields, float* masks, AlignedBuffer[] transfers, float* output, int batch, SavedFields? saved, int threads);

    /// <summary>Computes the gradients from that of the output.</summary>
    /// <param name="outputGradient">[B, N, N].</param>
    /// <param name="transfers">As in the forward call.</param>
    /// <param name="saved">Filled by the forward call, or null where there were no masks.</param>
    /// <param name="maskGradient">[L, N, N], written, or null.</param>
    /// <param name="fieldGradient">[B, N, N], written, or null.</param>
    /// <param name="batch">B.</param>
    /// <param name="threads">The number of workers.</param>
    public abstract void Backward(
        float* outputGradient, AlignedBuffer[] transfers, SavedFields? saved, float* maskGradient, float* fieldGradient, int batch, int threads);
}
