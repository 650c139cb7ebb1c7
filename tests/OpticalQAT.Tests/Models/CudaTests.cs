using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

[RequiresCuda]
public class CudaTests
{
    [Test]
    public void Forward_and_gradient_on_CUDA_are_those_on_the_CPU([Values("straight_through", "progressive_sigmoid")] string quantizer)
    {
        using var scope = NewDisposeScope();
        var (outputOnCpu, gradientOnCpu) = Compute(quantizer, CPU);
        var (outputOnCuda, gradientOnCuda) = Compute(quantizer, CUDA);
        Assert.That(Tensors.RelativeError(outputOnCuda, outputOnCpu), Is.LessThan(1e-5));
        Assert.That(Tensors.RelativeError(gradientOnCuda, gradientOnCpu), Is.LessThan(1e-5));
    }

    private static (Tensor Output, Tensor Gradient) Compute(string quantizer, Device device)
    {
        var experiment = SmallExperiment.With($"quantizer.kind={quantizer}");
        var positions = SmallExperiment.Positions();
        using var network = experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, positions).to(device);
        network.train();
        var output = network.forward(Tensors.NormalField([2, 12, 12], 9).to(ScalarType.ComplexFloat32).to(device));
        var weight = Tensors.Normal([12, 12], 5, ScalarType.Float32).to(device);
        (Field.Intensity(output) * weight).sum().backward();
        return (output.detach().cpu(), network.Masks.Position.grad!.cpu());
    }
}
