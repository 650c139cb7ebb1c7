namespace OpticalQAT.Runtime;

/// <summary>
/// The failure of a backward pass, kept for the thread that asked for it. An exception must not cross torch's own frames, it
/// would end the process: the node keeps it here, returns no gradients, and whoever began the pass throws it when that is over.
/// </summary>
internal sealed class BackwardGuard
{
    [ThreadStatic]
    private static BackwardGuard? _ofThisThread;

    [ThreadStatic]
    private static BackwardGuard? _ofThisPass;

    private Exception? _failure;

    /// <summary>The guard of this thread.</summary>
    public static BackwardGuard OfThisThread => _ofThisThread ??= new();

    /// <summary>Whether something is kept.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Keeps the failure of a node; of several the first, from which the others follow.</summary>
    /// <param name="failure">The exception that was thrown.</param>
    /// <param name="ofForward">The guard of the thread that ran the node forward.</param>
    /// <remarks>On a CPU torch goes back on the thread that began the pass, on an accelerator on a thread of its own, which began none.</remarks>
    public static void Keep(Exception failure, BackwardGuard ofForward) =>
        Interlocked.CompareExchange(ref (_ofThisPass ?? ofForward)._failure, failure, null);

    /// <summary>Does a backward pass, and throws what failed in it.</summary>
    /// <param name="pass">The call to torch.</param>
    /// <exception cref="InvalidOperationException">A node failed, in this pass or in one before that nobody asked after; its exception is the inner one.</exception>
    public void Run(Action pass)
    {
        ThrowIfAny();
        var before = _ofThisPass;
        _ofThisPass = this;
        try
        {
            pass();
        }
        catch (Exception) when (HasFailed)
        {
            // torch's own complaint follows from the gradients that are missing
        }
        finally
        {
            _ofThisPass = before;
        }
        ThrowIfAny();
    }

    /// <summary>Throws what was kept, once.</summary>
    /// <exception cref="InvalidOperationException">A node failed; its exception is the inner one.</exception>
    public void ThrowIfAny()
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            throw new InvalidOperationException("The gradients could not be computed: " + failure.Message, failure);
    }
}
