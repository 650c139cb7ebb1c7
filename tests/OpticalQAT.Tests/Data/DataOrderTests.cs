using NUnit.Framework;
using OpticalQAT.Data;

namespace OpticalQAT.Tests.Data;

public class DataOrderTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(1000)]
    public void EveryExampleComesOnce(int count)
    {
        var order = DataOrder.Permutation(count, 1, "quantized", 0);
        Assert.That(order.Order(), Is.EqualTo(Enumerable.Range(0, count).Select(i => (long)i)));
    }

    [Test]
    public void TheOrdersNeverChange()
    {
        // From a second implementation, in Python. Runs resume, and are repeated, by these orders.
        long[] expected = [0, 8, 5, 4, 6, 1, 9, 3, 7, 2];
        Assert.That(DataOrder.Permutation(10, 1, "quantized", 3), Is.EqualTo(expected));
    }

    [Test]
    public void SeedsPhasesAndEpochsHaveOrdersOfTheirOwn()
    {
        var order = DataOrder.Permutation(100, 1, "quantized", 3);
        Assert.Multiple(() =>
        {
            Assert.That(DataOrder.Permutation(100, 2, "quantized", 3), Is.Not.EqualTo(order));
            Assert.That(DataOrder.Permutation(100, 1, "full_precision", 3), Is.Not.EqualTo(order));
            Assert.That(DataOrder.Permutation(100, 1, "quantized", 4), Is.Not.EqualTo(order));
        });
    }

    [Test]
    public void EveryOrderIsEquallyLikely()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var epoch = 0; epoch < 6000; epoch++)
        {
            var order = string.Join(' ', DataOrder.Permutation(3, 1, "quantized", epoch));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.That(counts, Has.Count.EqualTo(6));
        Assert.That(counts.Values, Is.All.EqualTo(1000).Within(116), "four standard deviations");
    }
}
