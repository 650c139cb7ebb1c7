using System.Numerics;
using System.Runtime.InteropServices;

namespace OpticalQAT.Kernels;

/// <summary>
/// A stack of L masks on plain arrays: for l = 0 … L-1, u ← Pₗ(tₗ·u), where Pₗ pads to M×M with zeros, multiplies the spectrum
/// by Hₗ and crops to N×N again; and its gradients.
/// </summary>
/// <remarks>
/// All arrays of fields and masks are interleaved complex floats (re, im, re, im, …), row by row. A gradient is that of a real
/// loss, ∂/∂re + i·∂/∂im of each value. Results repeat bit for bit for a number of threads. One call at a time: the memory that is
/// worked in is kept from call to call.
/// </remarks>
public sealed unsafe class DiffractiveStack
{
    private readonly StackEngine _engine;
    private readonly AlignedBuffer[] _transfers;

    /// <summary>A stack of the given propagations.</summary>
    /// <param name="points">N, the side of the planes in samples.</param>
    /// <param name="paddedSize">M, at least N; where it is 2N-1 or more, nothing comes back in from the other edge.</param>
    /// <param name="transfers">H of each propagation in the order of propagation: M×M values in the order of an FFT (no shift), row by row.</param>
    /// <param name="vectorBits">The vector length, 512, 256 or 128; null is the longest that the processor has.</param>
    /// <exception cref="ArgumentException">There are no propagations, one has another number of values, or M has no plan (<see cref="Supports"/>).</exception>
    public DiffractiveStack(int points, int paddedSize, IReadOnlyList<Complex[]> transfers, int? vectorBits = null)
    {
        if (transfers.Count == 0 || transfers.Any(h => h.LongLength != (long)paddedSize * paddedSize))
            throw new ArgumentException($"A stack has at least one propagation, and each of them {paddedSize}×{paddedSize} values.", nameof(transfers));
        if (vectorBits is not (null or 128 or 256 or 512))
            throw new ArgumentOutOfRangeException(nameof(vectorBits), vectorBits, "The vector length is 128, 256 or 512 bits.");
        _engine = StackEngine.Create(points, paddedSize, vectorBits ?? VectorLength.Longest);
        _transfers = [.. transfers.Select(h => _engine.Arrange(MemoryMarshal.Cast<Complex, double>(h)))];
    }

    /// <summary>N, the side of the planes.</summary>
    public int Points => _engine.Points;

    /// <summary>M, the side of the padded planes.</summary>
    public int PaddedSize => _engine.PaddedLength;

    /// <summary>L, the number of masks.</summary>
    public int Layers => _transfers.Length;

    /// <summary>The number of threads that the samples of a batch are shared among; at first as many as there are processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Threads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Whether N×N samples padded to M×M can be computed: M ≥ N ≥ 1, and M a product of 2, 3 and 5, at least 4 and not 5.</summary>
    /// <param name="points">N.</param>
    /// <param name="paddedSize">M.</param>
    public static bool Supports(int points, int paddedSize) => points >= 1 && points <= paddedSize && FourierPlan.TryCreate(paddedSize) is not null;

    /// <summary>The smallest M that <see cref="Supports"/> and that keeps out what would come back in from the other edge.</summary>
    /// <param name="points">N, at least 1.</param>
    public static int SufficientPadding(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        var size = PaddedLength.Sufficient(points);
        while (!Supports(points, size))
            size++;
        return size;
    }

    /// <summary>The memory that forward calls fill for backward calls; one serves any number of steps.</summary>
    public SavedFields Save()
    {
        var saved = _engine.Save(Layers, 0);
        saved.Owner = _engine;
        return saved;
    }

    /// <summary>Computes the fields behind the stack.</summary>
    /// <param name="fields">[B, N, N], in front of the first mask.</param>
    /// <param name="masks">[L, N, N], the transmissions; empty for propagation through all distances without masks.</param>
    /// <param name="output">[B, N, N], written.</param>
    /// <param name="saved">Filled for the backward call; null where none follows, or where there are no masks.</param>
    /// <exception cref="ArgumentException">An array has another length.</exception>
    public void Forward(ReadOnlySpan<float> fields, ReadOnlySpan<float> masks, Span<float> output, SavedFields? saved = null)
    {
        var batch = Batch(fields.Length, nameof(fields));
        Check(masks.Length, masks.IsEmpty ? 0 : Layers, nameof(masks));
        Check(output.Length, batch, nameof(output));
        var kept = masks.IsEmpty ? null : saved;
        kept?.Fill(_engine, batch);
        fixed (float* u = fields, t = masks, v = output)
            _engine.Forward(u, t, _transfers, v, batch, kept, Threads);
    }

    /// <summary>Computes the gradients from that of the output.</summary>
    /// <param name="outputGradient">[B, N, N].</param>
    /// <param name="saved">Filled by the forward call; null where there were no masks.</param>
    /// <param name="maskGradient">[L, N, N], written; empty where it is not wanted, and where there were no masks.</param>
    /// <param name="fieldGradient">[B, N, N], written; empty where it is not wanted.</param>
    /// <exception cref="ArgumentException">An array has another length, or the memory was filled by another stack or for another batch.</exception>
    public void Backward(ReadOnlySpan<float> outputGradient, SavedFields? saved, Span<float> maskGradient, Span<float> fieldGradient)
    {
        var batch = Batch(outputGradient.Length, nameof(outputGradient));
        Check(maskGradient.Length, maskGradient.IsEmpty || saved is null ? 0 : Layers, nameof(maskGradient));
        Check(fieldGradient.Length, fieldGradient.IsEmpty ? 0 : batch, nameof(fieldGradient));
        saved?.Check(_engine, batch);
        fixed (float* g = outputGradient, ofMasks = maskGradient, ofFields = fieldGradient)
            _engine.Backward(g, _transfers, saved, ofMasks, ofFields, batch, Threads);
    }

    private int Batch(int length, string name)
    {
        var plane = 2L * Points * Points;
        return length > 0 && length % plane == 0 ? (int)(length / plane) : throw new ArgumentException($"Expected whole planes of {plane} floats, not {length}.", name);
    }

    private void Check(int length, int planes, string name)
    {
        if (length != 2L * Points * Points * planes)
            throw new ArgumentException($"Expected {2L * Points * Points * planes} floats, not {length}.", name);
    }
}
