using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The value of a chosen level with the slope of the weighted mean over all levels, Σₙ wₙ·tₙ, as one node of the autograd
/// graph, on any device: the mean itself is never worked out. The gradient of a weight is Re(conj(tₙ)·g).
/// </summary>
internal sealed class ChosenLevel : AutogradNode<ChosenLevel, ChosenLevel.Call>
{
    /// <summary>The chosen values.</summary>
    /// <param name="weights">Real, [masks, N, …].</param>
    /// <param name="chosen">Real or complex, [masks, …]: the values of the chosen levels.</param>
    /// <param name="values">Of the same type, [N] or [masks, N]: those of all levels.</param>
    /// <returns><paramref name="chosen"/>, differentiable by it and by the weights.</returns>
    public static Tensor Apply(Tensor weights, Tensor chosen, Tensor values) =>
        is_grad_enabled() && weights.requires_grad ? Apply(new Call(weights.shape, weights.dtype, values), weights, chosen) : chosen.alias();

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Keep(call.Values);
        return arguments[1]!.detach().clone();
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient)
    {
        var masks = call.Shape[0];
        // [masks, 1 or 2 parts, pixels] and [1 or masks, N, parts]
        var parts = gradient.is_complex() ? view_as_real(gradient.resolve_conj().contiguous()).view(masks, -1, 2).transpose(1, 2) : gradient.reshape(masks, 1, -1);
        var values = call.Values.is_complex() ? view_as_real(call.Values) : call.Values.unsqueeze(-1);
        return [values.to(call.Type).matmul(parts.to(call.Type)).view(call.Shape), gradient.alias()];
    }

    internal sealed class Call(long[] shape, ScalarType type, Tensor values) : NodeCall
    {
        public long[] Shape { get; } = shape;

        public ScalarType Type { get; } = type;

        /// <summary>[1 or masks, N].</summary>
        public Tensor Values { get; } = values.detach().view(values.dim() == 1 ? 1 : values.shape[0], -1);
    }
}
