using NUnit.Framework;
using OpticalQAT.Kernels;

namespace OpticalQAT.Tests.Kernels;

[TestFixture]
public unsafe class FourierPlanTests
{
    [Test]
    public void Every_length_of_the_family_has_a_plan_and_no_other(
        [Range(4, 200)] int length)
    {
        var rest = length;
        foreach (var prime in (int[])[2, 3, 5])
        {
            while (rest % prime == 0)
                rest /= prime;
        }
        var plan = FourierPlan.TryCreate(length);
        Assert.That(plan is not null, Is.EqualTo(rest == 1 && length != 5));
        if (plan is not null)
        {
            Assert.That(plan.Passes.Aggregate(1, (product, pass) => product * pass.Radix), Is.EqualTo(length));
            Assert.That(plan.Passes[0].Radix == 4, Is.EqualTo(length % 4 == 0 && length > 4), "where the zero half is skipped");
            Assert.That(plan.Frequencies, Is.EquivalentTo(Enumerable.Range(0, length)));
        }
    }

    /// <summary>Each radix in the first, a middle and the last place, forward and inverse, against the sum of the definition.</summary>
    [TestCase(2, 3, 4)]
    [TestCase(3, 2, 5)]
    [TestCase(4, 5, 3)]
    [TestCase(5, 4, 2)]
    [TestCase(6, 8, 2)]
    [TestCase(8, 6, 3)]
    public void Passes_compute_the_transform(params int[] radices)
    {
        var plan = new FourierPlan(radices.Aggregate((a, b) => a * b), radices);
        var line = new LineTransform<Lanes128>(plan, plan.Length);
        var (input, tile, output) = (Memory(plan), Memory(plan), Memory(plan));
        var random = new Random(1);
        foreach (ref var value in input.Span)
            value = random.NextSingle() - 0.5f;
        line.Forward(new BareField<Lanes128>(input.Start), 0, tile.Start);
        for (var position = 0; position < plan.Length; position++)
        {
            for (var lane = 0; lane < 4; lane++)
            {
                var (re, im) = (0.0, 0.0);
                for (var j = 0; j < plan.Length; j++)
                {
                    var (sin, cos) = Math.SinCos(-2 * Math.PI * j * plan.Frequencies[position] / plan.Length);
                    var (a, b) = (input.Span[(8 * j) + lane], input.Span[(8 * j) + 4 + lane]);
                    (re, im) = (re + (a * cos) - (b * sin), im + (a * sin) + (b * cos));
                }
                Assert.That(tile.Span[(8 * position) + lane], Is.EqualTo(re).Within(1e-5));
                Assert.That(tile.Span[(8 * position) + 4 + lane], Is.EqualTo(im).Within(1e-5));
            }
        }
        line.Inverse(tile.Start, new BareField<Lanes128>(output.Start), 0);
        for (var i = 0; i < input.Length; i++)
            Assert.That(output.Span[i] / plan.Length, Is.EqualTo(input.Span[i]).Within(1e-6));
    }

    private static AlignedBuffer Memory(FourierPlan plan) => new(plan.Length * 8);
}
