using NUnit.Framework;
using OpticalQAT.Kernels;
using OpticalQAT.Optics.Fast;

namespace OpticalQAT.Tests.Optics.Fast;

[TestFixture]
public class FastPropagationTests
{
    [TestCase(40, 80)]
    [TestCase(40, 160)]
    [TestCase(40, 97)]
    [TestCase(40, 48)]
    public void Supports_what_agrees_with_torch(int points, int padded)
    {
        Assert.That(FastPropagation.Check(points, padded, FastPropagation.VectorBits), Is.Null);
        Assert.That(FastPropagation.Supports(points, padded, out var reason), reason);
        Assert.That(FastPropagation.Status, Does.Contain("checked against torch").And.Not.Contain("not used"));
    }

    [Test]
    public void Says_why_a_size_is_left_to_torch()
    {
        Assert.That(FastPropagation.Supports(40, 77, out var reason), Is.False);
        Assert.That(reason, Is.EqualTo("40 points padded to 77: neither is 77 a product of 2, 3 and 5 nor is it at least 79."));
        Assert.That(FastPropagation.Supports(40, 20, out _), Is.False);
    }

    [TestCase("512", 512)]
    [TestCase("256", 256)]
    [TestCase("128", 128)]
    public void The_vector_length_can_be_chosen(string wanted, int bits) =>
        Assert.That(FastPropagation.ChooseVectorBits(wanted), Is.EqualTo(bits));

    [Test]
    public void Padding_beyond_two_is_computed_on_a_plane_of_about_two() =>
        Assert.That(PaddedLength.Choose(100, 400), Is.InRange(199, 256));
}
