using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

public class RayleighSommerfeldTests
{
    private const double Wavelength = 1e-6;

    /// <summary>Source by source: u(x, y) = Σ u(x', y')·z/(2πr²)·(1/r-ik)·exp(ikr)·Δ², whatever the padding.</summary>
    [TestCase(1.0, 12.3)]
    [TestCase(1.3, 12.3)]
    [TestCase(2.0, 12.3)]
    [TestCase(4.0, 12.3)]
    [TestCase(2.0, -12.3)]
    public void It_is_the_sum_over_all_sources(double padding, double waves)
    {
        using var scope = NewDisposeScope();
        const int N = 9;
        const double Pitch = 0.6 * Wavelength;
        var water = new Wave(new Length(Wavelength), 1.33);
        var grid = new Grid { Size = N, PixelPitch = new Length(Pitch), Padding = padding };
        var source = Tensors.NormalField([N, N], 1);
        var values = Tensors.Values(source);
        var z = Math.Abs(waves) * Wavelength;
        var k = 2 * Math.PI * 1.33 / Wavelength;
        var sum = new Complex[N * N];
        for (var to = 0; to < sum.Length; to++)
        {
            for (var from = 0; from < values.Length; from++)
            {
                var (x, y) = ((to % N - from % N) * Pitch, (to / N - from / N) * Pitch);
                var r = Math.Sqrt(x * x + y * y + z * z);
                var wave = z / (2 * Math.PI * r * r) * (1 / r - Complex.ImaginaryOne * k) * Complex.Exp(Complex.ImaginaryOne * k * r) * Pitch * Pitch;
                sum[to] += values[from] * (waves < 0 ? Complex.Conjugate(wave) : wave);
            }
        }
        var field = Tensors.Values(new Propagator(new RayleighSommerfeld(), water, grid).Propagate(source, waves * Wavelength));
        Assert.That(field.Zip(sum, (a, b) => (a - b).Magnitude).Max(), Is.LessThan(1e-12 * sum.Max(b => b.Magnitude)));
    }

    [Test]
    public void Over_no_distance_nothing_changes()
    {
        using var scope = NewDisposeScope();
        var grid = new Grid { Size = 9, PixelPitch = new Length(Wavelength) };
        var field = Tensors.NormalField([9, 9], 1);
        Assert.That(Tensors.RelativeError(new Propagator(new RayleighSommerfeld(), new Wave(new Length(Wavelength)), grid).Propagate(field, 0), field), Is.LessThan(1e-12));
    }
}
