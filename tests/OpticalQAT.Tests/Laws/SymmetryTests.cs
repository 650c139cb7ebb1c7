using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>
/// Propagation keeps a quadrant of a transfer function, and takes it for symmetric. So the law over all propagators looks at
/// the whole plane before it is folded; here it is seen to notice what is not symmetric, and propagation to refuse it.
/// </summary>
public sealed class SymmetryTests
{
    /// <summary>The distance of a plane from H(fx,fy) = H(-fx,fy) = H(fy,fx): the largest difference over the largest value.</summary>
    public static double Error(IReadOnlyList<Complex> plane, int size)
    {
        var worst = 0.0;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var (value, mirrored, exchanged) = (plane[row * size + column], plane[row * size + (size - column) % size], plane[column * size + row]);
                worst = Math.Max(worst, Math.Max((value - mirrored).Magnitude, (value - exchanged).Magnitude));
            }
        }
        return worst / plane.Max(value => value.Magnitude);
    }

    private static IEnumerable<TestCaseData> Skews()
    {
        // x, y: frequencies from -½ to ½
        yield return new TestCaseData((double x, double y) => x).SetArgDisplayNames("askew along the rows");
        yield return new TestCaseData((double x, double y) => y).SetArgDisplayNames("askew along the columns");
        yield return new TestCaseData((double x, double y) => x * y).SetArgDisplayNames("symmetric about the axis alone");
        yield return new TestCaseData((double x, double y) => x * x).SetArgDisplayNames("rows unlike columns");
    }

    [TestCaseSource(nameof(Skews))]
    public void What_is_not_symmetric_is_noticed_and_not_propagated(Func<double, double, double> skew)
    {
        using var scope = NewDisposeScope();
        foreach (var (size, padding) in new[] { (16, 2.0), (17, 1.5) })
        {
            var grid = new Grid { Size = size, PixelPitch = new Length(0.4e-3), Padding = padding };
            var (kind, wave) = (new Askew(skew), new Wave(new Length(0.75e-3)));
            Assert.That(Error(kind.TransferFunction(wave, grid, 3e-3), grid.PaddedSize), Is.GreaterThan(0.01));
            using var field = ones(size, size, dtype: ScalarType.ComplexFloat64);
            Assert.That(() => new Propagator(kind, wave, grid).Propagate(field, 3e-3), Throws.ArgumentException.With.Message.StartsWith("the transfer function is not symmetric: it differs between the frequencies ["));
            Assert.That(() => new Propagator(new Askew((_, _) => 0), wave, grid).Propagate(field, 3e-3), Throws.Nothing);
        }
    }

    /// <summary>The angular spectrum, with a phase that free space does not know.</summary>
    private sealed record Askew(Func<double, double, double> Skew) : PropagatorKind
    {
        public override Complex[] TransferFunction(Wave wave, Grid grid, double distance)
        {
            var (plane, frequencies) = (new AngularSpectrum().TransferFunction(wave, grid, distance), grid.Frequencies());
            for (var i = 0; i < plane.Length; i++)
                plane[i] *= Complex.FromPolarCoordinates(1, Skew(frequencies[i % frequencies.Length] * grid.PixelPitch.Metres, frequencies[i / frequencies.Length] * grid.PixelPitch.Metres));
            return plane;
        }

        public override string? SamplingWarning(Wave wave, Grid grid, Length distance) => null;

        public override Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables) => throw new NotSupportedException();
    }
}
