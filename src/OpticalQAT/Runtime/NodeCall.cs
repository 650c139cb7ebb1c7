using static TorchSharp.torch;

namespace OpticalQAT.Runtime;

/// <summary>One forward call of an <see cref="AutogradNode{TNode, TCall}"/>, and what it keeps for its backward call.</summary>
internal abstract class NodeCall
{
    private readonly List<Tensor> _kept = [];
    private BackwardGuard? _guard;
    private bool _isReleased;

    /// <summary>Whether a backward call may follow.</summary>
    public bool IsRecorded => _guard is not null;

    /// <summary>The number of tensors that the node depends on.</summary>
    public int Arguments { get; private set; }

    /// <summary>The guard of the thread that ran forward.</summary>
    public BackwardGuard Guard => _guard!;

    /// <summary>Keeps a tensor until the backward call is over; where none follows, it stays the forward call's.</summary>
    public Tensor Keep(Tensor tensor)
    {
        if (IsRecorded)
            _kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>Says that a backward call may follow.</summary>
    /// <param name="arguments">The number of tensors that the node depends on.</param>
    public void Record(int arguments) => (_guard, Arguments) = (BackwardGuard.OfThisThread, arguments);

    /// <summary>Throws where what was kept is gone.</summary>
    /// <exception cref="InvalidOperationException">There was a backward call before.</exception>
    public void ThrowIfReleased()
    {
        if (_isReleased)
            throw new InvalidOperationException("what the forward call kept was let go of by the first backward call through it.");
    }

    /// <summary>Lets go of what was kept.</summary>
    public void Release()
    {
        _isReleased = _kept.Count > 0;
        foreach (var tensor in _kept.Where(tensor => !tensor.IsInvalid))
            tensor.Dispose();
    }
}
