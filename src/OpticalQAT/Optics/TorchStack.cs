using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// A stack of L masks by torch, on any device, as one node of the autograd graph: for l = 0 … L-1, u ← Pₗ(tₗ·u). Kept for the
/// way back are the field in front of each mask and nothing else.
/// </summary>
/// <remarks>
/// The gradient g goes back as its conjugate v. Free space knows neither left from right, H(f) = H(-f), so that the adjoint of a
/// propagation is the propagation itself between two conjugations: conj(P†(g)) = P(conj(g)). With that the gradient of a mask is
/// conj(Σ u·v) over the batch, what goes on to the mask before is t·v, and of all the conjugations of whole batches only the
/// first and the last are left.
/// </remarks>
internal sealed class TorchStack : autograd.SingleTensorFunction<TorchStack>
{
    private const string Key = "call";

    /// <inheritdoc/>
    public override string Name => nameof(TorchStack);

    /// <summary>The field behind the last propagation.</summary>
    /// <param name="field">complex, [B, N, N], just before the first mask.</param>
    /// <param name="transmissions">Of the same type, [L, N, N].</param>
    /// <param name="transfers">H of each propagation, of the same type, [M, M], in the FFT's order.</param>
    /// <param name="failure">Where the backward call keeps what fails.</param>
    public static Tensor Apply(Tensor field, Tensor transmissions, Tensor[] transfers, BackwardFailure failure)
    {
        using var scope = NewDisposeScope();
        var call = new Call(transmissions.detach(), transfers, failure, field.requires_grad, transmissions.requires_grad);
        var output = is_grad_enabled() && (call.WantsField || call.WantsMasks) ? apply(field, transmissions, call) : Run(field, call, keeps: false);
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (Call)vars[2];
        ctx.save_data(Key, call);
        call.Masks.DetachFromDisposeScope();
        return Run(((Tensor)vars[0]).detach(), call, keeps: true);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (Call)ctx.get_data(Key);
        try
        {
            using (grad_output)
                return GoBack(call, grad_output);
        }
#pragma warning disable CA1031 // whatever it is, it would end the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            call.Failure.Keep(e);
            return [null!, null!, null!];
        }
    }

    private static Tensor Run(Tensor field, Call call, bool keeps)
    {
        var u = field.alias();
        for (var l = 0; l < call.Transfers.Length; l++)
        {
            using var before = u;
            using var mask = call.Masks[l];
            if (keeps)
                call.Fields.Add(before.alias().DetachFromDisposeScope());
            u = PropagationFunction.Filter(before, mask, call.Transfers[l]);
        }
        return u;
    }

    private static List<Tensor> GoBack(Call call, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var ofMasks = new Tensor[call.Transfers.Length];
        var v = gradient.conj().resolve_conj();
        Tensor? behind = null;
        for (var l = call.Transfers.Length - 1; l >= 0; l--)
        {
            using var after = v;
            v = PropagationFunction.Filter(after, behind, call.Transfers[l]);
            using var u = call.Fields[l];
            if (call.WantsMasks)
            {
                using var product = u * v;
                ofMasks[l] = product.sum(dim: 0L);
            }
            behind = call.Masks[l];
        }
        var ofField = call.WantsField ? (v * behind!).conj().resolve_conj().MoveToOuterDisposeScope() : null;
        var ofAll = call.WantsMasks ? stack(ofMasks).conj().resolve_conj().MoveToOuterDisposeScope() : null;
        call.Masks.Dispose();
        return HandedOver.ToTorch(ofField, ofAll, null);
    }

    private sealed class Call(Tensor masks, Tensor[] transfers, BackwardFailure failure, bool wantsField, bool wantsMasks)
    {
        /// <summary>[L, N, N].</summary>
        public Tensor Masks { get; } = masks;

        public Tensor[] Transfers { get; } = transfers;

        public BackwardFailure Failure { get; } = failure;

        public bool WantsField { get; } = wantsField;

        public bool WantsMasks { get; } = wantsMasks;

        /// <summary>The fields in front of the masks, each let go of once it has been used.</summary>
        public List<Tensor> Fields { get; } = [];
    }
}
