using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Optics;

public class GridTests
{
    [TestCase(4, new[] { -1.5, -0.5, 0.5, 1.5 })]
    [TestCase(3, new[] { -1.0, 0, 1 })]
    public void Samples_lie_around_the_axis(int size, double[] expected) =>
        Assert.That(Of(size, 2).Coordinates(), Is.EqualTo(expected).Within(1e-15));

    [TestCase(4, 1, new[] { 0, 0.25, -0.5, -0.25 })]
    [TestCase(5, 1, new[] { 0, 0.2, 0.4, -0.4, -0.2 })]
    [TestCase(2, 2, new[] { 0, 0.25, -0.5, -0.25 })]
    public void Frequencies_stand_in_the_order_of_the_FFT(int size, double padding, double[] expected) =>
        Assert.That(Of(size, padding).Frequencies(), Is.EqualTo(expected).Within(1e-15));

    [TestCase(17, 1.5, 26)]
    [TestCase(15, 1.5, 22)]
    [TestCase(64, 2, 128)]
    public void The_padded_plane_has_round_N_times_padding_samples(int size, double padding, int expected) =>
        Assert.That(Of(size, padding).PaddedSize, Is.EqualTo(expected));

    private static Grid Of(int size, double padding) => new() { Size = size, PixelPitch = new Length(1), Padding = padding };
}
