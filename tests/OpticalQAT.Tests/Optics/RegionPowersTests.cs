using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>Powers of regions have their own node on the CPU; double precision takes a matrix product over whole planes and is the oracle.</summary>
[TestFixture]
public sealed class RegionPowersTests
{
    private static IEnumerable<DetectorKind> Detectors =>
    [
        new GridDetector { Regions = 10 },
        new GridDetector { Regions = 3, Fill = 1, Extent = 1 },
        new DifferentialGridDetector { Classes = 4 },
    ];

    [Test]
    public void Value_and_gradient_are_those_of_double_precision([ValueSource(nameof(Detectors))] DetectorKind detector, [Values(31, 48)] int size)
    {
        using var scope = NewDisposeScope();
        var powers = new RegionPowers(detector, new Grid { Size = size, PixelPitch = new Length(1e-3) });
        var field = Tensors.NormalField([3, size, size], 1);
        var weight = Tensors.Normal([3, powers.Regions.Count], 2);

        var (single, gradient) = Run(ScalarType.ComplexFloat32, ScalarType.Float32);
        var (exact, exactGradient) = Run(ScalarType.ComplexFloat64, ScalarType.Float64);

        Assert.That(Tensors.RelativeError(single, exact), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(gradient, exactGradient), Is.LessThan(1e-6));

        (Tensor Value, Tensor Gradient) Run(ScalarType complex, ScalarType real)
        {
            var u = field.to(complex).detach().requires_grad_();
            var value = powers.Of(u);
            (value * weight.to(real)).sum().backward();
            return (value.detach(), u.grad!);
        }
    }

    [Test]
    public void A_field_that_is_a_view_counts_as_it_reads()
    {
        using var scope = NewDisposeScope();
        var powers = new RegionPowers(new GridDetector { Regions = 5 }, new Grid { Size = 24, PixelPitch = new Length(1e-3) });
        var field = Tensors.NormalField([2, 24, 24], 1).to(ScalarType.ComplexFloat32);
        var view = field.transpose(1, 2).conj();
        Assert.That(Tensors.SameBits(powers.Of(view), powers.Of(field.transpose(1, 2).contiguous())), Is.True);
        Assert.That(Tensors.SameBits(powers.Of(view), powers.Of(field)), Is.False);
    }
}
