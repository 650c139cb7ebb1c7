using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

public class EncodingTests
{
    private static readonly Grid Grid = new() { Size = 20, PixelPitch = new Length(1e-3) };

    private static IEnumerable<EncodingKind> Kinds => Support.Kinds.Of<EncodingKind>();

    [TestCaseSource(nameof(Kinds))]
    public void The_object_stands_in_the_middle_of_a_dark_plane(EncodingKind kind)
    {
        using var scope = NewDisposeScope();
        using var white = full([3, 28, 28], 255, dtype: ScalarType.Byte);
        var field = (kind with { Size = new Length(8e-3) }).Encode(white, Grid);

        Assert.That(field.shape, Is.EqualTo(new long[] { 3, 20, 20 }));
        Assert.That(field.dtype, Is.EqualTo(ScalarType.ComplexFloat32));
        var intensity = Field.Intensity(field);
        Assert.That((intensity[.., 6..14, 6..14] - 1).abs().max().item<float>(), Is.LessThan(1e-6), "white is 1");
        Assert.That(intensity.sum().item<float>(), Is.EqualTo(3 * 64).Within(1e-3), "and the rest is dark");
    }

    [TestCaseSource(nameof(Kinds))]
    public void By_default_the_object_fills_the_plane(EncodingKind kind) =>
        Assert.That(kind.ObjectPixels(Grid), Is.EqualTo(20));

    /// <summary>A grey of 51/255 is a value of 0.2.</summary>
    [Test]
    public void What_a_grey_becomes()
    {
        using var scope = NewDisposeScope();
        using var grey = full([1, 20, 20], 51, dtype: ScalarType.Byte);
        Complex Of(EncodingKind kind) => Tensors.Values(kind.Encode(grey, Grid))[4 * 20 + 7];

        Assert.That((Of(new AmplitudeEncoding()) - 0.2).Magnitude, Is.LessThan(1e-6));
        Assert.That((Of(new IntensityEncoding()) - Math.Sqrt(0.2)).Magnitude, Is.LessThan(1e-6));
        Assert.That((Of(new PhaseEncoding { Maximum = new Angle(2) }) - Complex.FromPolarCoordinates(1, 0.4)).Magnitude, Is.LessThan(1e-6));
    }

    /// <summary>An image that is as wide as the object in samples is not blurred.</summary>
    [Test]
    public void Pixels_of_the_right_size_stay_what_they_are()
    {
        using var scope = NewDisposeScope();
        var image = (Tensors.Normal([1, 20, 20], 1).abs() * 60).clamp(0, 255).to(ScalarType.Byte);
        var field = new AmplitudeEncoding().Encode(image, Grid);
        Assert.That((field.real * 255 - image).abs().max().item<float>(), Is.LessThan(1e-4));
    }

    [TestCaseSource(nameof(Kinds))]
    public void The_object_stands_where_it_is_placed(EncodingKind kind)
    {
        using var scope = NewDisposeScope();
        using var white = full([1, 28, 28], 255, dtype: ScalarType.Byte);
        var placed = kind with { Size = new Length(8e-3), Position = new Placement { X = new Length(3e-3), Y = new Length(-5e-3) } };
        var intensity = Field.Intensity(placed.Encode(white, Grid));
        Assert.That(placed.ObjectPlace(Grid), Is.EqualTo((9, 1, 8)));
        Assert.That((intensity[0, 1..9, 9..17] - 1).abs().max().item<float>(), Is.LessThan(1e-6), "to the right and upwards");
        Assert.That(intensity.sum().item<float>(), Is.EqualTo(64).Within(1e-3), "and the rest is dark");
    }

    /// <summary>A square opening lets through whole samples; of a round one the area, to a part of a sample.</summary>
    [TestCase(ApertureShape.Square, 100)]
    [TestCase(ApertureShape.Round, 25 * Math.PI)]
    public void An_aperture_cuts_off_what_lies_outside(ApertureShape shape, double area)
    {
        using var scope = NewDisposeScope();
        using var white = full([2, 28, 28], 255, dtype: ScalarType.Byte);
        var field = new AmplitudeEncoding { Aperture = new InputAperture { Size = new Length(10e-3), Shape = shape } }.Encode(white, Grid);
        Assert.That(field.real.sum().item<float>(), Is.EqualTo(2 * area).Within(0.5).Percent);
        Assert.That(field[.., 6..14, 6..14].real.min().item<float>(), Is.EqualTo(1).Within(shape == ApertureShape.Square ? 1e-6 : 0.8));
        Assert.That(field[.., ..5, ..].abs().max().item<float>(), Is.Zero);
    }
}
