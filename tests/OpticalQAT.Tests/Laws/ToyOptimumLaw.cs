using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Laws;

/// <summary>
/// A gradient that is useful and not just other than zero: on a problem whose optimum is known, training through every
/// quantizer ends near it at every level count.
/// </summary>
public class ToyOptimumLaw
{
    private const int Starts = 24;

    private static readonly int[] LevelCounts = [2, 3, 4, 16];

    private static IEnumerable<TestCaseData> Cases =>
        from kind in Kinds.Of<QuantizerKind>()
        where kind is not NoQuantizer // full precision: it promises nothing of what rounding makes of it
        from levels in LevelCounts
        from gradient in Enum.GetValues<GradientDomain>()
        where gradient == GradientDomain.Transmission || levels > 2
        select new TestCaseData(kind with { Gradient = gradient }, levels).SetArgDisplayNames(kind.GetType().Name, levels.ToString(), gradient.ToString());

    /// <summary>
    /// Of 24 random starts the best ends within 2 % of the optimum. Half of them come within 10 % of it by the chord; by
    /// the height, which misleads at few levels, within 40 %.
    /// </summary>
    [TestCaseSource(nameof(Cases))]
    public void Training_ends_near_the_optimum(QuantizerKind kind, int levels)
    {
        var (optimum, reached) = Run(kind, levels);
        TestContext.Out.WriteLine($"optimum {optimum:0.000}; best {reached[^1] / optimum:0.000}, median {reached[Starts / 2] / optimum:0.000}, worst {reached[0] / optimum:0.000}");
        Assert.That(reached[^1], Is.EqualTo(optimum).Within(2).Percent, "the best start");
        Assert.That(reached[Starts / 2], Is.GreaterThan((kind.Gradient == GradientDomain.Transmission ? 0.9 : 0.6) * optimum), "the median start");
    }

    /// <summary>
    /// At two levels the slope along the height points at right angles to the flip: training by height does no better
    /// than what the starts happen to be near. It is not promised to work; that the chord does better is.
    /// </summary>
    [Test]
    public void At_two_levels_the_chord_does_better_than_the_height()
    {
        var chord = Run(new StraightThrough { Gradient = GradientDomain.Transmission }, 2).Reached.Average();
        var height = Run(new StraightThrough { Gradient = GradientDomain.Height }, 2).Reached.Average();
        TestContext.Out.WriteLine($"chord {chord:0.000}, height {height:0.000}");
        Assert.That(chord, Is.GreaterThan(height + 0.1));
    }

    private static (double Optimum, double[] Reached) Run(QuantizerKind kind, int levels)
    {
        var table = Tables.Cyclic(levels);
        var problem = new ToyProblem(pixels: levels switch { 2 => 8, 3 => 7, 4 => 6, _ => 4 }, seed: levels);
        var optimum = problem.Optimum([.. table.Table.Heights.ToArray().Select(table.Material.Transmission)]);
        var reached = problem.Train(table, kind, Starts, steps: 200, learningRate: 0.02 * levels);
        return (optimum, [.. reached.Order()]);
    }
}
