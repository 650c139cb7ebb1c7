using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// A stack of L masks by torch, on any device, as one node of the autograd graph: for l = 0 … L-1, u ← Pₗ(tₗ·u). Kept for the
/// backward pass are the field in front of each mask and nothing else.
/// </summary>
/// <remarks>
/// The gradient g goes back as its conjugate v. Free space knows neither left from right, H(f) = H(-f), so that the adjoint of a
/// propagation is the propagation itself between two conjugations: conj(P†(g)) = P(conj(g)). With that the gradient of a mask is
/// conj(Σ u·v) over the batch, what goes on to the mask before is t·v, and of all the conjugations of whole batches only the
/// first and the last are left.
/// </remarks>
internal sealed class TorchStack : AutogradNode<TorchStack, TorchStack.Call>
{
    /// <summary>The field behind the last propagation.</summary>
    /// <param name="field">complex, [B, N, N], just before the first mask.</param>
    /// <param name="transmissions">Of the same type, [L, N, N].</param>
    /// <param name="transfers">H of each propagation, of the same type, [M, M], in the FFT's order.</param>
    public static Tensor Apply(Tensor field, Tensor transmissions, Tensor[] transfers) =>
        Apply(new Call(transfers, field.requires_grad, transmissions.requires_grad), field, transmissions);

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Masks = call.Keep(arguments[1]!.detach());
        var u = arguments[0]!.detach();
        for (var l = 0; l < call.Transfers.Length; l++)
        {
            using var before = u;
            using var mask = call.Masks[l];
            if (call.IsRecorded)
                call.Fields.Add(call.Keep(before.alias()));
            u = PropagationFunction.Filter(before, mask, call.Transfers[l]);
        }
        return u;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient)
    {
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
            behind = call.Masks![l];
        }
        return [call.WantsField ? (v * behind!).conj().resolve_conj() : null, call.WantsMasks ? stack(ofMasks).conj().resolve_conj() : null];
    }

    internal sealed class Call(Tensor[] transfers, bool wantsField, bool wantsMasks) : NodeCall
    {
        /// <summary>[L, N, N].</summary>
        public Tensor? Masks { get; set; }

        public Tensor[] Transfers { get; } = transfers;

        public bool WantsField { get; } = wantsField;

        public bool WantsMasks { get; } = wantsMasks;

        /// <summary>The fields in front of the masks, each let go of once it has been used.</summary>
        public List<Tensor> Fields { get; } = [];
    }
}
