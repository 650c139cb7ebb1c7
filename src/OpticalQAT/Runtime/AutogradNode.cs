using static TorchSharp.torch;

namespace OpticalQAT.Runtime;

/// <summary>
/// A node of the autograd graph that is computed by this library. Here is what all of them need: the call through the graph and past
/// it, the call's memory and its end, dispose scopes, the gradients' lifetime, and the guard around every backward call.
/// </summary>
/// <typeparam name="TNode">The node itself.</typeparam>
/// <typeparam name="TCall">The state of a forward call: what it is given beside its tensors, and what it keeps.</typeparam>
internal abstract class AutogradNode<TNode, TCall> : autograd.SingleTensorFunction<TNode>
    where TNode : AutogradNode<TNode, TCall>, new()
    where TCall : NodeCall
{
    private const string Key = "call";

    private static readonly TNode Instance = new();

    /// <inheritdoc/>
    public sealed override string Name => typeof(TNode).Name;

    /// <inheritdoc/>
    public sealed override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (TCall)vars[^1];
        call.Record(vars.Length - 1);
        ctx.save_data(Key, call);
        return Compute(call, [.. vars[..^1].Cast<Tensor?>()]);
    }

    /// <inheritdoc/>
    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (TCall)ctx.get_data(Key);
        var gradients = new Tensor?[call.Arguments + 1];
        try
        {
            using var scope = NewDisposeScope();
            using (grad_output)
                GoBack(call, grad_output).CopyTo(gradients.AsSpan(0, call.Arguments));
            foreach (var gradient in gradients)
                gradient?.MoveToOuterDisposeScope();
        }
#pragma warning disable CA1031 // whatever it is, it would end the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            Array.Clear(gradients);
            BackwardGuard.Keep(e, call.Guard);
        }
        return HandedOver.ToTorch(gradients);
    }

    /// <summary>The node's value: as a node of the graph where a gradient is asked for, otherwise past the graph.</summary>
    /// <param name="call">A new one.</param>
    /// <param name="arguments">The tensors that the value depends on; null for those that are left out.</param>
    /// <exception cref="InvalidOperationException">A backward pass before failed, and nobody asked after it.</exception>
    protected static Tensor Apply(TCall call, params Tensor?[] arguments)
    {
        if (!is_grad_enabled() || !arguments.Any(argument => argument is { requires_grad: true }))
            return Compute(call, arguments);
        BackwardGuard.OfThisThread.ThrowIfAny();
        return apply([.. arguments, call]);
    }

    /// <summary>The node's value. What is made meanwhile is disposed of, but for what the call keeps.</summary>
    /// <param name="call">The state of the call, which keeps what the backward call needs.</param>
    /// <param name="arguments">As they were given.</param>
    protected abstract Tensor Forward(TCall call, Tensor?[] arguments);

    /// <summary>The gradients of the arguments, in their order; null for those that have none.</summary>
    /// <param name="call">That of the forward call.</param>
    /// <param name="gradient">That of the value; disposed of afterwards.</param>
    protected abstract Tensor?[] Backward(TCall call, Tensor gradient);

    private static Tensor Compute(TCall call, Tensor?[] arguments)
    {
        using var scope = NewDisposeScope();
        return Instance.Forward(call, arguments).MoveToOuterDisposeScope();
    }

    private static Tensor?[] GoBack(TCall call, Tensor gradient)
    {
        try
        {
            call.ThrowIfReleased();
            return Instance.Backward(call, gradient);
        }
        finally
        {
            call.Release();
        }
    }
}
