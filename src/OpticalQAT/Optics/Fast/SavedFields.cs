namespace OpticalQAT.Optics.Fast;

/// <summary>What a forward call leaves for its backward call: the masks, and for each sample the field in front of each mask.</summary>
/// <param name="length">Floats of the L planes of one sample.</param>
internal sealed class SavedFields(long length)
{
    private AlignedBuffer[] _fields = [];

    /// <summary>Gets the masks, L planes.</summary>
    public AlignedBuffer Masks { get; } = new(length);

    /// <summary>Gets the fields of each sample, L planes.</summary>
    public ReadOnlySpan<AlignedBuffer> Fields => _fields;

    /// <summary>
    /// Gets or sets the call that filled this memory last. Another one finds here that its fields are gone.
    /// </summary>
    public object? Owner { get; set; }

    /// <summary>Makes room for a number of samples; never shrinks.</summary>
    public void Reserve(int batch)
    {
        var present = _fields.Length;
        if (batch > present)
        {
            Array.Resize(ref _fields, batch);
            for (var i = present; i < batch; i++)
            {
                _fields[i] = new AlignedBuffer(length);
            }
        }
    }
}
