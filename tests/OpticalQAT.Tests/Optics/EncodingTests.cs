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
}
