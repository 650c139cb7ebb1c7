using OpticalQAT.Kernels;
using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Optics.Fast;

/// <summary>
/// The intensity |u|² of complex64 fields on the CPU as one node of the autograd graph: one pass over the fields forward
/// and one back, where torch's own operations on real and imaginary parts take a dozen. The gradient is 2·u·g.
/// </summary>
internal sealed class IntensityFunction : AutogradNode<IntensityFunction, IntensityFunction.Call>
{
    /// <summary>The intensity.</summary>
    /// <param name="field">complex64, any shape, on the CPU.</param>
    /// <returns>float32, of the same shape.</returns>
    public static Tensor Apply(Tensor field) => Apply(new Call(), field);

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Field = call.Keep(FirstElement.Plain(arguments[0]!));
        return Square(call.Field);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient) => [Scale(call.Field!, FirstElement.Plain(gradient))];

    private static Tensor Square(Tensor field)
    {
        var intensity = empty(field.shape);
        if (intensity.numel() > 0)
            Intensity.Square(ref FirstElement.Of(field), ref FirstElement.Of(intensity), intensity.numel());
        return intensity;
    }

    private static Tensor Scale(Tensor field, Tensor gradient)
    {
        var scaled = empty(field.shape, ScalarType.ComplexFloat32);
        if (gradient.numel() > 0)
            Intensity.Scale(ref FirstElement.Of(field), ref FirstElement.Of(gradient), ref FirstElement.Of(scaled), gradient.numel());
        return scaled;
    }

    internal sealed class Call : NodeCall
    {
        public Tensor? Field { get; set; }
    }
}
