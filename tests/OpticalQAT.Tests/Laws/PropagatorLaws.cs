using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>What every kind of propagator obeys, on planes of even and odd size and with fractional padding.</summary>
[TestFixtureSource(nameof(Kinds))]
public class PropagatorLaws(PropagatorKind kind)
{
    private const double Wavelength = 0.75e-3;
    private const double Distance = 30 * Wavelength;

    private static readonly Wave Light = new(new Length(Wavelength));

    private static IEnumerable<PropagatorKind> Kinds => Support.Kinds.Of<PropagatorKind>();

    /// <summary>A Gaussian beam that is smooth on the scale of a wave and dark at the edge, before and after.</summary>
    [Test]
    public void Power_is_conserved()
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size: 96);
        var beam = Field.GaussianBeam(propagator.Grid, new Length(8 * Wavelength));
        Assert.That(Power(propagator.Propagate(beam, Distance)), Is.EqualTo(Power(beam)).Within(1e-3).Percent);
    }

    [TestCase(96, 1)]
    [TestCase(95, 1)]
    public void There_and_back_is_where_it_was(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var beam = Tensors.Shift(Field.GaussianBeam(propagator.Grid, new Length(8 * Wavelength)), by: 5, dimension: 0);
        var back = propagator.Propagate(propagator.Propagate(beam, Distance), -Distance);
        Assert.That(Tensors.RelativeError(back, beam), Is.LessThan(1e-3));
    }

    [TestCase(16, 2)]
    [TestCase(17, 1.5)]
    public void It_is_linear(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var (u, v) = (Tensors.NormalField([size, size], 1), Tensors.NormalField([size, size], 2));
        using var a = tensor(new Complex(0.3, -1.2));
        var sum = propagator.Propagate(a * u + v, Distance);
        Assert.That(Tensors.RelativeError(sum, a * propagator.Propagate(u, Distance) + propagator.Propagate(v, Distance)), Is.LessThan(1e-12));
    }

    /// <summary>Source and detector may change places: Σ v·P(u) = Σ u·P(v), cropping included.</summary>
    [TestCase(16, 2)]
    [TestCase(17, 1.5)]
    [TestCase(15, 1)]
    public void It_is_reciprocal(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var (u, v) = (Tensors.NormalField([size, size], 1), Tensors.NormalField([size, size], 2));
        var forward = Tensors.Values(v * propagator.Propagate(u, Distance)).Aggregate(Complex.Add);
        var backward = Tensors.Values(u * propagator.Propagate(v, Distance)).Aggregate(Complex.Add);
        Assert.That((forward - backward).Magnitude, Is.LessThan(1e-12 * size * size));
        Assert.That(forward.Magnitude, Is.GreaterThan(1e-3));
    }

    [TestCase(16, 2)]
    [TestCase(17, 1.5)]
    public void The_transfer_function_is_symmetric(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var m = propagator.Grid.PaddedSize;
        Assert.That(m, Is.EqualTo(size == 16 ? 32 : 26));
        var h = propagator.TransferFunction(Distance, CPU, ScalarType.ComplexFloat64);
        Assert.That(h.shape, Is.EqualTo(new long[] { m, m }));
        Assert.That(Tensors.WorstError(h.t(), h), Is.LessThan(1e-14));
        var mirrored = Tensors.Shift(h.flip(0), by: 1, dimension: 0);
        Assert.That(Tensors.WorstError(mirrored, h), Is.LessThan(1e-14));
    }

    [TestCase(96, 2)]
    [TestCase(95, 1.5)]
    public void It_agrees_with_the_angular_spectrum_on_smooth_fields(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var beam = Field.GaussianBeam(propagator.Grid, new Length(8 * Wavelength));
        var reference = new Propagator(new AngularSpectrum(), Light, propagator.Grid).Propagate(beam, Distance);
        Assert.That(Tensors.RelativeError(propagator.Propagate(beam, Distance), reference), Is.LessThan(2e-3));
    }

    [Test]
    public void Batches_are_propagated_sample_by_sample()
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size: 9);
        var fields = Tensors.NormalField([2, 3, 9, 9], 1);
        Assert.That(Tensors.RelativeError(propagator.Propagate(fields, Distance)[1, 2], propagator.Propagate(fields[1, 2], Distance)), Is.LessThan(1e-14));
    }

    [Test]
    public void Gradients_match_finite_differences()
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size: 5, padding: 1.5);
        var weight = Tensors.Normal([5, 5], 3);
        Tensors.AssertGradientMatchesDifferences(
            parts => (weight * Field.Intensity(propagator.Propagate(complex(parts[0], parts[1]), Distance))).sum(),
            Tensors.Normal([2, 5, 5], 1), step: 1e-4, tolerance: 1e-8);
    }

    [Test]
    public void A_field_of_another_size_is_refused()
    {
        using var scope = NewDisposeScope();
        using var field = ones([2, 8, 9], dtype: ScalarType.ComplexFloat32);
        Assert.That(() => Over(size: 9).Propagate(field, Distance),
            Throws.ArgumentException.With.Message.EqualTo("the field has shape [2, 8, 9], but the grid is 9×9 (Parameter 'field')"));
    }

    private static double Power(Tensor field) => Field.Intensity(field).sum().item<double>();

    private Propagator Over(int size, double padding = 2) =>
        new(kind, Light, new Grid { Size = size, PixelPitch = new Length(Wavelength / 2), Padding = padding });
}
