using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Units;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>Padding wider than needed is cut away on torch's path: the result and the gradient must not know.</summary>
public sealed class WidePaddingTests
{
    [TestCase(20, 4.0)]
    [TestCase(33, 3.0)]
    [TestCase(24, 2.6)]
    public void A_smaller_plane_gives_the_same_field_and_gradient(int size, double padding)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var grid = new Grid { Size = size, PixelPitch = new Length(0.75e-3), Padding = padding };
        var propagator = new Propagator(new AngularSpectrum(), new Wave(new Length(0.75e-3)), grid);
        var transfer = propagator.TransferFunction(24e-3, CPU, ScalarType.ComplexFloat64);
        var weight = rand(2, size, size, dtype: ScalarType.Float64, generator: generator);
        var fields = view_as_complex(randn([2, size, size, 2], dtype: ScalarType.Float64, generator: generator));

        var (output, gradient) = Run(u => propagator.Propagate(u, 24e-3));
        var (wide, wideGradient) = Run(u => fft.ifft2(fft.fft2(u, s: [grid.PaddedSize, grid.PaddedSize]) * transfer)[.., ..size, ..size]);

        Assert.That((output - wide).abs().max().ToDouble(), Is.LessThan(1e-12));
        Assert.That((gradient - wideGradient).abs().max().ToDouble(), Is.LessThan(1e-12));

        (Tensor Output, Tensor Gradient) Run(Func<Tensor, Tensor> propagate)
        {
            var u = fields.detach().requires_grad_();
            var result = propagate(u);
            (Field.Intensity(result) * weight).sum().backward();
            return (result.detach(), u.grad!);
        }
    }
}
