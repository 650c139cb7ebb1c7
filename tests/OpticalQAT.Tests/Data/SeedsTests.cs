using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Data;

namespace OpticalQAT.Tests.Data;

public class SeedsTests
{
    // From a second implementation of the documented formula, in Python. Recorded runs depend on these values.
    [TestCase(1L, "order", 0L, 0L, -155130674617670893)]
    [TestCase(-7L, "noise/é", 3L, -4L, -6659418363954088448)]
    public void TheValuesNeverChange(long seed, string purpose, long a, long b, long expected) =>
        Assert.That(Seeds.Derive(seed, purpose, a, b), Is.EqualTo(expected));

    [Test]
    public void EveryArgumentMatters()
    {
        long[] seeds =
        [
            Seeds.Derive(1, "order"),
            Seeds.Derive(2, "order"),
            Seeds.Derive(1, "noise"),
            Seeds.Derive(1, "order", 1),
            Seeds.Derive(1, "order", 0, 1),
            Seeds.Derive(1, "order", 1, 1),
            Seeds.Derive(-1, "order"),
            Seeds.Derive(1, ""),
        ];
        Assert.That(seeds, Is.Unique);
    }

    [Test]
    public void NeighboursDoNotCollide()
    {
        var seeds = new HashSet<long>();
        for (var seed = 0; seed < 20; seed++)
            for (var a = 0; a < 50; a++)
                for (var b = 0; b < 50; b++)
                    seeds.Add(Seeds.Derive(seed, "noise", a, b));
        Assert.That(seeds, Has.Count.EqualTo(20 * 50 * 50));
    }

    [Test]
    public void OneBitOfAnArgumentChangesHalfTheBitsOfTheSeed()
    {
        var changed = Enumerable.Range(0, 64)
            .Select(bit => BitOperations.PopCount((ulong)(Seeds.Derive(1, "x", 5) ^ Seeds.Derive(1, "x", 5 ^ (1L << bit)))))
            .Average();
        Assert.That(changed, Is.EqualTo(32).Within(2));
    }
}
