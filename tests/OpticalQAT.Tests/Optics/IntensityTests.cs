using NUnit.Framework;
using OpticalQAT.Optics;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>The intensity has its own node on the CPU; double precision takes torch's operations and is the oracle.</summary>
public sealed class IntensityTests
{
    [TestCase(1, 1)]
    [TestCase(2, 3)]
    [TestCase(5, 7)]
    [TestCase(3, 64)]
    public void Value_and_gradient_are_those_of_double_precision(int batch, int size)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var parts = randn([batch, size, size, 2], generator: generator);
        var weight = rand([batch, size, size], generator: generator);

        var (single, gradient) = Run(ScalarType.Float32);
        var (exact, exactGradient) = Run(ScalarType.Float64);

        Assert.That((single.to(ScalarType.Float64) - exact).abs().max().ToDouble(), Is.LessThan(1e-5));
        Assert.That((gradient.to(ScalarType.ComplexFloat64) - exactGradient).abs().max().ToDouble(), Is.LessThan(1e-5));

        (Tensor Value, Tensor Gradient) Run(ScalarType type)
        {
            var field = view_as_complex(parts.to(type)).detach().requires_grad_();
            var intensity = Field.Intensity(field);
            (intensity * weight.to(type)).sum().backward();
            return (intensity.detach(), field.grad!);
        }
    }

    [Test]
    public void A_field_that_is_a_view_counts_as_it_reads()
    {
        using var scope = NewDisposeScope();
        var field = view_as_complex(randn(2, 6, 6, 2));
        var view = field.transpose(1, 2)[.., ..4, 1..5];

        Assert.That(Field.Intensity(view).allclose(view.abs().square()), Is.True);
    }
}
