using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Optics.Fast;

/// <summary>One forward call that a backward call may follow.</summary>
/// <param name="stack">Whose call it is.</param>
/// <param name="wantsFields">Whether the gradient of the fields is asked for.</param>
/// <param name="wantsTransmissions">Whether that of the transmissions is.</param>
/// <param name="transfers">The transfer functions that it uses, and its backward call.</param>
internal sealed class StackCall(FastStack stack, bool wantsFields, bool wantsTransmissions, AlignedBuffer[] transfers)
{
    public FastStack Stack { get; } = stack;

    public bool WantsFields { get; } = wantsFields;

    public bool WantsTransmissions { get; } = wantsTransmissions;

    public AlignedBuffer[] Transfers { get; } = transfers;

    /// <summary>Gets or sets the fields in front of the masks; null without masks.</summary>
    public SavedFields? Saved { get; set; }
}

/// <summary>The autograd node of <see cref="FastStack"/>. Arguments: fields, transmissions (or null), the call.</summary>
internal sealed class StackFunction : torch.autograd.SingleTensorFunction<StackFunction>
{
    private const string Call = "call";

    public override string Name => nameof(FastStack);

    public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (StackCall)vars[2];
        ctx.save_data(Call, call);
        return call.Stack.Compute((torch.Tensor)vars[0], (torch.Tensor?)vars[1], call, keep: true);
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
    {
        var call = (StackCall)ctx.get_data(Call);
        var (fields, transmissions) = call.Stack.Gradients(grad_output, call);
        grad_output.Dispose();
        return HandedOver.ToTorch(fields, transmissions, null);
    }
}
