using OpticalQAT.Kernels;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Optics.Fast;

/// <summary>One forward call that a backward call may follow.</summary>
/// <param name="stack">Whose call it is.</param>
/// <param name="wantsFields">Whether the gradient of the fields is asked for.</param>
/// <param name="wantsTransmissions">Whether that of the transmissions is.</param>
/// <param name="transfers">The transfer functions that it uses, and its backward call.</param>
internal sealed class StackCall(FastStack stack, bool wantsFields, bool wantsTransmissions, AlignedBuffer[] transfers) : NodeCall
{
    public FastStack Stack { get; } = stack;

    public bool WantsFields { get; } = wantsFields;

    public bool WantsTransmissions { get; } = wantsTransmissions;

    public AlignedBuffer[] Transfers { get; } = transfers;

    /// <summary>The fields in front of the masks; null without masks.</summary>
    public SavedFields? Saved { get; set; }
}

/// <summary>The autograd node of <see cref="FastStack"/>. Arguments: fields, transmissions (or null).</summary>
internal sealed class StackFunction : AutogradNode<StackFunction, StackCall>
{
    /// <inheritdoc cref="FastStack.Forward"/>
    public static torch.Tensor Apply(torch.Tensor fields, torch.Tensor? transmissions, StackCall call) => Apply(call, fields, transmissions);

    /// <inheritdoc/>
    protected override torch.Tensor Forward(StackCall call, torch.Tensor?[] arguments) => call.Stack.Compute(arguments[0]!, arguments[1], call);

    /// <inheritdoc/>
    protected override torch.Tensor?[] Backward(StackCall call, torch.Tensor gradient) => call.Stack.Gradients(gradient, call);
}
