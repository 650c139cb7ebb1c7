using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The value of a chosen level with the slope of the weighted mean over all levels, Σₙ wₙ·tₙ, as one node of the autograd
/// graph, on any device: the mean itself is never worked out. The gradient of a weight is Re(conj(tₙ)·g).
/// </summary>
internal sealed class ChosenLevel : autograd.SingleTensorFunction<ChosenLevel>
{
    private const string Key = "call";

    /// <inheritdoc/>
    public override string Name => nameof(ChosenLevel);

    /// <summary>The chosen values.</summary>
    /// <param name="weights">Real, [masks, N, …].</param>
    /// <param name="chosen">Real or complex, [masks, …]: the values of the chosen levels.</param>
    /// <param name="values">Of the same type, [N] or [masks, N]: those of all levels.</param>
    /// <returns><paramref name="chosen"/>, differentiable by it and by the weights.</returns>
    public static Tensor Apply(Tensor weights, Tensor chosen, Tensor values) =>
        is_grad_enabled() && weights.requires_grad ? apply(weights, chosen, new Call(weights.shape, weights.dtype, values)) : chosen.alias();

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (Call)vars[2];
        ctx.save_data(Key, call);
        call.Values.DetachFromDisposeScope();
        return ((Tensor)vars[1]).detach().clone();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (Call)ctx.get_data(Key);
        using (call.Values)
        {
            using var scope = NewDisposeScope();
            var masks = call.Shape[0];
            // [masks, 1 or 2 parts, pixels] and [1 or masks, N, parts]
            var gradient = grad_output.is_complex() ? view_as_real(grad_output.resolve_conj().contiguous()).view(masks, -1, 2).transpose(1, 2) : grad_output.reshape(masks, 1, -1);
            var values = call.Values.is_complex() ? view_as_real(call.Values) : call.Values.unsqueeze(-1);
            var ofWeights = values.to(call.Type).matmul(gradient.to(call.Type)).view(call.Shape).MoveToOuterDisposeScope();
            return HandedOver.ToTorch(ofWeights, grad_output, null);
        }
    }

    private sealed class Call(long[] shape, ScalarType type, Tensor values)
    {
        public long[] Shape { get; } = shape;

        public ScalarType Type { get; } = type;

        /// <summary>[1 or masks, N].</summary>
        public Tensor Values { get; } = values.detach().view(values.dim() == 1 ? 1 : values.shape[0], -1);
    }
}
