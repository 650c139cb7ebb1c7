using OpticalQAT.Kernels;
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

    private static Tensor Phasors(Tensor phase)
    {
        var phasors = empty(phase.shape, ScalarType.ComplexFloat32);
        Phasor.Of(ref FirstElement.Of(FirstElement.Plain(phase)), ref FirstElement.Of(phasors), phase.numel());
        return phasors;
    }

    private static Tensor Turn(Tensor phasors, Tensor gradient)
    {
        var turned = empty(gradient.shape);
        Phasor.Turn(ref FirstElement.Of(phasors), ref FirstElement.Of(gradient), ref FirstElement.Of(turned), turned.numel());
        return turned;
    }

    internal sealed class Call : NodeCall
    {
        public Tensor? Phasors { get; set; }
    }
}
