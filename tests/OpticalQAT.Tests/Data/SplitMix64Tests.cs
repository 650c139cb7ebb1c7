using NUnit.Framework;
using OpticalQAT.Data;

namespace OpticalQAT.Tests.Data;

public class SplitMix64Tests
{
    [Test]
    public void GivesTheNumbersOfTheReferenceGenerator()
    {
        // The sequence for this seed is published with several implementations, the author's splitmix64.c among them.
        var random = new SplitMix64(1234567);
        ulong[] drawn = [random.Next(), random.Next(), random.Next(), random.Next(), random.Next()];
        Assert.That(drawn, Is.EqualTo(new ulong[]
        {
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        }));
    }

    [Test]
    public void DoublesFillTheUnitIntervalEvenly()
    {
        var random = new SplitMix64(1);
        var bins = new int[10];
        for (var i = 0; i < 100_000; i++)
            bins[(int)(10 * random.NextDouble())]++;

        // Four standard deviations of a bin's count: 4·sqrt(100,000 · 0.1 · 0.9).
        Assert.That(bins, Is.All.EqualTo(10_000).Within(380));
    }

    [Test]
    public void WholeNumbersBelowABoundAreEquallyLikely()
    {
        var random = new SplitMix64(2);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.NextBelow(7)]++;
        Assert.That(counts, Is.All.EqualTo(10_000).Within(370));
    }

    [Test]
    public void ALargeBoundDoesNotFavourSomeNumbers()
    {
        // 2⁶⁴ is 8/3 of this bound: without drawing again two of three numbers come up half again as often as the third.
        const long Bound = 3L << 61;
        var random = new SplitMix64(3);
        var thirds = new int[3];
        for (var i = 0; i < 30_000; i++)
            thirds[random.NextBelow(Bound) % 3]++;
        Assert.That(thirds, Is.All.EqualTo(10_000).Within(330));
    }

    [TestCase(0L)]
    [TestCase(-1L)]
    public void ABoundMustBePositive(long bound) =>
        Assert.That(() => new SplitMix64(1).NextBelow(bound), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
