namespace OpticalQAT.Kernels;

/// <summary>
/// Zero-initialised floats at a fixed address that is a multiple of 64 bytes: a vector load that straddles two cache lines
/// costs two. The memory belongs to the garbage collector; the address is good for as long as this object is reachable.
/// </summary>
internal sealed unsafe class AlignedBuffer
{
    private const int Alignment = 64;

    private readonly float[] _memory;

    /// <summary>Allocates <paramref name="length"/> floats, all zero.</summary>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - Alignment);
        Length = (int)length;
        _memory = GC.AllocateArray<float>(Length + (Alignment / sizeof(float)), pinned: true);
        fixed (float* first = _memory)
        {
            Start = (float*)(((nint)first + Alignment - 1) & ~(nint)(Alignment - 1));
        }
    }

    /// <summary>The number of floats.</summary>
    public int Length { get; }

    /// <summary>The address of the first float.</summary>
    public float* Start { get; }

    /// <summary>The floats.</summary>
    public Span<float> Span => new(Start, Length);
}
