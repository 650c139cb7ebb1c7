using NUnit.Framework;
using OpticalQAT.Quantization;

namespace OpticalQAT.Tests.Quantization;

public class SpacedHeightsTests
{
    [TestCase(new[] { 0, 0.3, 1 }, new[] { 0, 0.3, 1 }, TestName = "Heights that are allowed stay")]
    [TestCase(new[] { 0.2, 0.25, 1 }, new[] { 0.175, 0.275, 1 }, TestName = "Two that are too close part evenly")]
    [TestCase(new[] { 0.6, 0.4, 0.5 }, new[] { 0.4, 0.5, 0.6 }, TestName = "Order is kept")]
    [TestCase(new[] { -0.4, 0.3, 1.7 }, new[] { 0, 0.3, 1 }, TestName = "The ends hold")]
    [TestCase(new[] { 0.98, 0.99, 1.4 }, new[] { 0.8, 0.9, 1 }, TestName = "At an end they stack up")]
    public void The_nearest_that_can_be_made(double[] wanted, double[] expected) =>
        Assert.That(SpacedHeights.Nearest(wanted, spacing: 0.1, lowest: 0, highest: 1), Is.EqualTo(expected).Within(1e-12));

    /// <summary>What is allowed to the last digit, at its bounds too, is not worked out anew.</summary>
    [Test]
    public void Heights_at_their_bounds_are_left_alone()
    {
        double[] heights = [0.25, 0.5, 0.75];
        Assert.That(SpacedHeights.Nearest(heights, spacing: 0.25, lowest: 0.25, highest: 0.75), Is.SameAs(heights));
    }

    /// <summary>No other allowed heights are nearer: not those a little to the side of the found ones.</summary>
    [Test]
    public void Nothing_allowed_is_nearer([Values(1, 2, 3, 4, 5)] int seed)
    {
        var random = new Random(seed);
        double[] wanted = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble() * 1.4 - 0.2)];
        var found = SpacedHeights.Nearest(wanted, 0.1, 0, 1);
        double Distance(double[] heights) => heights.Zip(wanted, (h, w) => (h - w) * (h - w)).Sum();
        for (var trial = 0; trial < 2000; trial++)
        {
            double[] other = [.. found.Select(height => height + 0.05 * (random.NextDouble() - 0.5))];
            var isAllowed = other[0] >= 0 && other[^1] <= 1 && other.Zip(other.Skip(1), (a, b) => b - a).All(step => step >= 0.1);
            Assert.That(!isAllowed || Distance(other) >= Distance(found) - 1e-12, Is.True);
        }
        Assert.That(found.Zip(found.Skip(1), (a, b) => b - a).Min(), Is.GreaterThan(0.1 - 1e-12));
    }
}
