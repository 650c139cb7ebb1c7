using NUnit.Framework;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics.Fast;

[TestFixture]
public sealed class PhasorFunctionTests
{
    [TestCase(1)]
    [TestCase(16)]
    [TestCase(53)]
    public void Value_and_gradient_are_those_of_double_precision(int count)
    {
        using var scope = NewDisposeScope();
        var phase = Tensors.Normal([2, count], 1, ScalarType.Float32) * 10;
        var weight = Tensors.NormalField([2, count], 2);

        var (single, gradient) = Run(ScalarType.Float32);
        var (exact, exactGradient) = Run(ScalarType.Float64);

        Assert.That((single - exact).abs().max().item<double>(), Is.LessThan(5e-7));
        Assert.That((gradient - exactGradient).abs().max().item<double>(), Is.LessThan(2e-6));

        (Tensor Value, Tensor Gradient) Run(ScalarType type)
        {
            var angle = phase.to(type).detach().requires_grad_();
            var t = PhasorFunction.Apply(angle);
            (t.to(ScalarType.ComplexFloat64) * weight.conj()).real.sum().backward();
            return (t.detach(), angle.grad!.to(ScalarType.Float64));
        }
    }
}
