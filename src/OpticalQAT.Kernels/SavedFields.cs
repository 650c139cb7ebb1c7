namespace OpticalQAT.Kernels;

/// <summary>Memory that a forward call fills for its backward call: the masks, and for each sample the field in front of each mask.</summary>
public sealed class SavedFields
{
    private readonly long _length;
    private AlignedBuffer[] _fields = [];
    private int _batch;

    /// <summary>Memory for masks, and for no samples yet.</summary>
    /// <param name="length">Floats of the L planes of one sample.</param>
    internal SavedFields(long length) => (_length, Masks) = (length, new(length));

    /// <summary>The masks, L planes.</summary>
    internal AlignedBuffer Masks { get; }

    /// <summary>The fields of each sample, L planes.</summary>
    internal ReadOnlySpan<AlignedBuffer> Fields => _fields;

    /// <summary>The owner of this memory: the call that filled it last, so that another one finds its fields gone, or the engine that it was made for.</summary>
    internal object? Owner { get; set; }

    /// <summary>Makes room for a number of samples; never shrinks.</summary>
    internal void Reserve(int batch)
    {
        var present = _fields.Length;
        if (batch <= present)
            return;
        Array.Resize(ref _fields, batch);
        for (var i = present; i < batch; i++)
            _fields[i] = new AlignedBuffer(_length);
    }

    /// <summary>Makes room for the samples of a forward call.</summary>
    /// <exception cref="ArgumentException">It was made for another engine.</exception>
    internal void Fill(StackEngine engine, int batch)
    {
        if (!ReferenceEquals(Owner, engine))
            throw new ArgumentException("This memory was made by another stack.", nameof(engine));
        Reserve(batch);
        _batch = batch;
    }

    /// <summary>Throws where a backward call would not find what it needs.</summary>
    /// <exception cref="ArgumentException">It was filled for another batch, or made for another engine.</exception>
    internal void Check(StackEngine engine, int batch)
    {
        if (!ReferenceEquals(Owner, engine) || _batch != batch)
            throw new ArgumentException($"This memory holds the fields of {_batch} samples, or is that of another stack; {batch} samples were asked for.", nameof(batch));
    }
}
