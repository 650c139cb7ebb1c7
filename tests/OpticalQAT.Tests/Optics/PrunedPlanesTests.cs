using NUnit.Framework;
using OpticalQAT.Optics;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>Torch's path on a CPU, and that of other devices, against the plain padded transform, with kernels that know neither left from right nor rows from columns, and nothing else of free space.</summary>
public sealed class PrunedPlanesTests
{
    private static readonly (int Points, int Padded, int Samples, ScalarType Type, double Tolerance)[] Shapes =
    [
        (8, 16, 3, ScalarType.ComplexFloat64, 1e-13),
        (8, 16, 5, ScalarType.ComplexFloat32, 1e-5),
        (7, 19, 1, ScalarType.ComplexFloat64, 1e-13),
        (100, 200, 7, ScalarType.ComplexFloat64, 1e-13), // one sample at a time
        (100, 200, 7, ScalarType.ComplexFloat32, 1e-5), // three at a time, and one that is left
        (12, 12, 4, ScalarType.ComplexFloat64, 1e-13), // no padding
        (8, 16, 3, ScalarType.ComplexFloat64, 1e-13),
    ];

    [Test]
    public void Equals_the_plain_transform_whatever_shape_came_before()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        foreach (var (n, m, samples, type, tolerance) in Shapes)
        {
            var part = type == ScalarType.ComplexFloat64 ? ScalarType.Float64 : ScalarType.Float32;
            var transfer = Symmetric(view_as_complex(randn([m, m, 2], dtype: part, generator: generator)));
            for (var call = 0; call < 2; call++)
            {
                var field = view_as_complex(randn([samples, n, n, 2], dtype: part, generator: generator));
                var mask = call == 0 ? null : view_as_complex(randn([n, n, 2], dtype: part, generator: generator));
                var expected = fft.ifft2(fft.fft2(mask is null ? field : field * mask, s: [m, m]) * transfer)[.., ..n, ..n];

                foreach (var filtered in new[] { PrunedPlanes.Filter(field, mask, transfer), PropagationFunction.FilterAtOnce(field, mask, transfer) })
                {
                    Assert.That(filtered.is_contiguous());
                    Assert.That((filtered - expected).abs().max().ToDouble(), Is.LessThan(tolerance * expected.abs().max().ToDouble()), $"N = {n}, M = {m}, {samples} samples, {type}, {(mask is null ? "no mask" : "a mask")}");
                }
            }
        }
    }

    [Test]
    public void Leading_dimensions_stay()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var transfer = Symmetric(view_as_complex(randn([16, 16, 2], generator: generator)));
        var field = view_as_complex(randn([2, 3, 8, 8, 2], generator: generator)).transpose(0, 1);

        var filtered = PrunedPlanes.Filter(field, null, transfer);

        Assert.That(filtered.shape, Is.EqualTo(new long[] { 3, 2, 8, 8 }));
        Assert.That(filtered[2, 1].allclose(PrunedPlanes.Filter(field[2, 1], null, transfer)));
    }

    private static Tensor Symmetric(Tensor h)
    {
        var even = h + h.roll([1L, 1L], [0L, 1L]).flip(0, 1);
        return even + even.t();
    }
}
