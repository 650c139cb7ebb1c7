namespace OpticalQAT.Optics;

/// <summary>
/// What went wrong in a backward call. An exception must not cross torch's own frames, it would end the process: the call keeps
/// it here, returns no gradients, and whoever began the backward pass throws it when that is over.
/// </summary>
internal sealed class BackwardFailure
{
    private Exception? _kept;

    /// <summary>Keeps an exception.</summary>
    public void Keep(Exception failure) => Interlocked.Exchange(ref _kept, failure);

    /// <summary>Throws what was kept, once.</summary>
    /// <exception cref="InvalidOperationException">A backward call failed; its exception is the inner one.</exception>
    public void ThrowIfAny()
    {
        if (Interlocked.Exchange(ref _kept, null) is { } failure)
            throw new InvalidOperationException("The gradients of the stack could not be computed: " + failure.Message, failure);
    }
}
