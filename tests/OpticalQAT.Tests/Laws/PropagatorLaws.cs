using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every kind of propagator, on planes of even and odd size and with fractional padding.</summary>
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

    /// <summary>The kind's own plane, before it is folded: what is unfolded from a quadrant is symmetric whatever the quadrant was made of.</summary>
    [TestCase(16, 2)]
    [TestCase(17, 1.5)]
    public void The_transfer_function_is_symmetric_and_that_of_the_propagation(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var m = kind.PlaneSize(propagator.Grid);
        Assert.That(m, Is.AtLeast(propagator.Grid.PaddedSize));
        foreach (var z in new[] { Distance, -Distance })
        {
            var plane = kind.TransferFunction(Light, propagator.Grid, z);
            Assert.That(plane, Has.Length.EqualTo(m * m));
            Assert.That(SymmetryTests.Error(plane, m), Is.LessThan(1e-14));
            var folded = propagator.TransferFunction(z, CPU, ScalarType.ComplexFloat64);
            Assert.That(folded.shape, Is.EqualTo(new long[] { m, m }));
            Assert.That(Tensors.WorstError(folded, ComplexTensor.Of(plane, m, m)), Is.LessThan(1e-14));
        }
    }

    /// <summary>Plane waves pass as they are or not at all, and the way back undoes the way there, for the kinds that say so, and for no other.</summary>
    [TestCase(16, 2)]
    [TestCase(17, 1.5)]
    [TestCase(15, 1)]
    public void Plane_waves_are_kept_where_the_kind_says_so(int size, double padding)
    {
        var propagator = Over(size, padding);
        var (there, back) = (propagator.TransferFunction(Distance), propagator.TransferFunction(-Distance));
        var worst = there.Max(h => Math.Min(Math.Abs(h.Magnitude - 1), h.Magnitude));
        var undone = there.Zip(back, (h, b) => (h * b - Math.Round(h.Magnitude)).Magnitude).Max();
        if (kind.Choose(Light, propagator.Grid, Distance).Kind.KeepsPlaneWaves)
            Assert.That((worst, undone), Is.EqualTo((0.0, 0.0)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12));
        else
            Assert.That(worst, Is.GreaterThan(0.01));
    }

    /// <summary>The kernel of the padded plane is that of a linear convolution: padding more changes nothing.</summary>
    [TestCase(2.5, 3)]
    [TestCase(2, 6)]
    public void Light_that_leaves_does_not_come_back_where_the_kernel_ends_with_the_plane(double padding, double more)
    {
        using var scope = NewDisposeScope();
        var field = Tensors.NormalField([16, 16], 1);
        var (less, wide) = (Over(16, padding).Propagate(field, Distance), Over(16, more).Propagate(field, Distance));
        var ends = !kind.Choose(Light, Over(16, padding).Grid, Distance).Kind.KeepsPlaneWaves;
        Assert.That(Tensors.RelativeError(less, wide), ends ? Is.LessThan(1e-12) : Is.GreaterThan(1e-4));
    }

    [TestCase(24, 2)]
    [TestCase(24, 4)]
    [TestCase(25, 1)]
    [TestCase(27, 1.5)]
    public void The_fast_path_agrees_with_torch_in_double_precision(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var field = Tensors.NormalField([3, size, size], 1);
        var single = field.to(ScalarType.ComplexFloat32);
        Assert.That(propagator.IsFast(single), Is.True, "or nothing is compared");
        foreach (var z in new[] { Distance, -Distance })
        {
            Assert.That(Tensors.RelativeError(propagator.Propagate(single, z), propagator.Propagate(field, z)), Is.LessThan(2e-6));
            Assert.That(Tensors.RelativeError(propagator.OnTorch().Propagate(single, z), propagator.Propagate(field, z)), Is.LessThan(2e-6));
        }
    }

    [TestCase(9, 15 / 9.0)]
    [TestCase(9, 17 / 9.0)]
    [TestCase(16, 2)]
    [TestCase(8, 1)]
    public void As_a_function_of_the_geometry_it_is_the_same(int size, double padding)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var field = Tensors.NormalField([2, size, size], 1);
        foreach (var z in new[] { Distance, -Distance, 3.7 * Wavelength })
            Assert.That(Tensors.RelativeError(propagator.Propagate(field, tensor(z)), propagator.Propagate(field, z)), Is.LessThan(1e-11));
        using var other = propagator.At(Distance, pitchScale: 1.02, wavelengthScale: 0.97);
        Assert.That(Tensors.RelativeError(propagator.Propagate(field, tensor(Distance), tensor(1.02), tensor(0.97)), propagator.Propagate(field, other)), Is.LessThan(1e-11));
    }

    /// <summary>Distance, pitch and wavelength, each as a share of what it is.</summary>
    [TestCase(9, 15 / 9.0, 0.2)]
    [TestCase(9, 17 / 9.0, 1)]
    [TestCase(9, 17 / 9.0, -0.2)]
    public void Gradients_reach_distance_pitch_and_wavelength(int size, double padding, double share)
    {
        using var scope = NewDisposeScope();
        var propagator = Over(size, padding);
        var (field, weight) = (Tensors.NormalField([2, size, size], 1), Tensors.Normal([2, size, size], 3));
        Tensors.AssertGradientMatchesDifferences(
            shares => (weight * Field.Intensity(propagator.Propagate(field, shares[0] * (share * Distance), shares[1], shares[2]))).sum(),
            ones([3], ScalarType.Float64), step: 2e-7, tolerance: 1e-6);
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
