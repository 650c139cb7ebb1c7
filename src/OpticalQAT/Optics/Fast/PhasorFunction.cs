using System.Runtime.Intrinsics;
using OpticalQAT.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Optics.Fast;

/// <summary>
/// exp(i·φ) of float32 phases on the CPU as one node of the autograd graph: one pass forward and one back, where torch takes
/// a cosine, a sine and two copies, and as much again for the gradient, which is Im(conj(t)·g).
/// </summary>
internal sealed class PhasorFunction : AutogradNode<PhasorFunction, PhasorFunction.Call>
{
    private const int Lanes = 16;

    /// <summary>The phasors: complex64 of float32 phases on the CPU, complex128 and other devices by torch.</summary>
    /// <param name="phase">Real, any shape, in radians.</param>
    public static Tensor Apply(Tensor phase)
    {
        if (phase.device_type == DeviceType.CPU && phase.dtype == ScalarType.Float32 && phase.numel() > 0)
            return Apply(new Call(), phase);
        using var scope = NewDisposeScope();
        return complex(phase.cos(), phase.sin()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        var phasors = Phasors(arguments[0]!);
        // An alias: the result itself, kept by its own node, would keep itself alive.
        call.Phasors = call.Keep(phasors.alias());
        return phasors;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient) => [Turn(call.Phasors!, FirstElement.Plain(gradient))];

    private static unsafe Tensor Phasors(Tensor phase)
    {
        using var plain = FirstElement.Plain(phase);
        var phasors = empty(phase.shape, ScalarType.ComplexFloat32);
        var count = phase.numel();
        float* angle = FirstElement.Of(plain), t = FirstElement.Of(phasors);
        var k = 0L;
        for (; k + Lanes <= count; k += Lanes)
        {
            var (sine, cosine) = Vector512.SinCos(Vector512.Load(angle + k));
            new Lanes512(cosine, sine).Interleave(t + 2 * k);
        }
        for (; k < count; k++)
            (t[2 * k + 1], t[2 * k]) = MathF.SinCos(angle[k]);
        return phasors;
    }

    private static unsafe Tensor Turn(Tensor phasors, Tensor gradient)
    {
        var turned = empty(gradient.shape);
        var count = turned.numel();
        float* t = FirstElement.Of(phasors), g = FirstElement.Of(gradient), result = FirstElement.Of(turned);
        var k = 0L;
        for (; k + Lanes <= count; k += Lanes)
            Lanes512.TimesConjugate(Lanes512.Deinterleave(g + 2 * k), Lanes512.Deinterleave(t + 2 * k)).Imaginary.Store(result + k);
        for (; k < count; k++)
            result[k] = g[2 * k + 1] * t[2 * k] - g[2 * k] * t[2 * k + 1];
        return turned;
    }

    internal sealed class Call : NodeCall
    {
        public Tensor? Phasors { get; set; }
    }
}
