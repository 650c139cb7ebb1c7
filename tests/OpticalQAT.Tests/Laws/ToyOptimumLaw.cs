using System.Collections.Concurrent;
using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using TorchSharp;

namespace OpticalQAT.Tests.Laws;

/// <summary>
/// A gradient that is useful and not just other than zero: on a problem whose optimum is known, training through every
/// quantizer ends near it at every level count.
/// </summary>
public class ToyOptimumLaw
{
    private const int Starts = 24;

    private static IEnumerable<Tables> Problems =>
    [
        Tables.Cyclic(2), Tables.Cyclic(3), Tables.Cyclic(4), Tables.Cyclic(16),
        .. Tables.All.Where(table => table.Table.Period is null),
    ];

    private static readonly ConcurrentDictionary<(QuantizerKind, string), (double Optimum, double[] Reached)> Known = new();

    private static IEnumerable<TestCaseData> Cases =>
        from named in QuantizerVariations.All
        where named.Kind is not NoQuantizer // full precision: it promises nothing of what rounding makes of it
        from table in Problems
        from gradient in Enum.GetValues<GradientDomain>()
        select new TestCaseData(named.Kind with { Gradient = gradient }, table).SetArgDisplayNames(named.Name, table.Name, gradient.ToString());

    /// <summary>
    /// Of 24 random starts the best ends within 2 % of the optimum, on a line, whose ends pixels get stuck at, within 5 %;
    /// where the levels themselves are learnt, it may end beyond it. Half of them come within 10 % of it by the chord on a
    /// circle, within 30 % on a line; by the height within 40 %.
    /// </summary>
    /// <remarks>
    /// A kind that shows training whole levels and takes its slope along the height is misled at few levels, above all at
    /// two, where that slope stands at right angles to the step. There nothing is promised but that the chord does no worse.
    /// </remarks>
    [TestCaseSource(nameof(Cases))]
    public void Training_ends_near_the_optimum(QuantizerKind kind, object table)
    {
        var (optimum, reached) = Run(kind, (Tables)table);
        TestContext.Out.WriteLine($"optimum {optimum:0.000}; best {reached[^1] / optimum:0.000}, median {reached[Starts / 2] / optimum:0.000}, worst {reached[0] / optimum:0.000}");
        if (!kind.LearnsLevels)
            Assert.That(reached[^1], Is.LessThan(1.0001 * optimum), "no start is beyond the best of all combinations");
        if (kind.Gradient == GradientDomain.Height && IsMisled(kind, (Tables)table))
        {
            var (_, byChord) = Run(kind with { Gradient = GradientDomain.Transmission }, (Tables)table);
            Assert.That(byChord.Average(), Is.GreaterThan(reached.Average() - 0.05 * optimum));
            return;
        }
        var isLine = ((Tables)table).Table.Period is null;
        var median = kind.Gradient == GradientDomain.Height ? 0.6 : isLine ? 0.7 : 0.9;
        Assert.That(reached[^1], Is.GreaterThan((isLine ? 0.95 : 0.98) * optimum), "the best start");
        Assert.That(reached[Starts / 2], Is.GreaterThan(median * optimum), "the median start");
    }

    private static bool IsMisled(QuantizerKind kind, Tables table)
    {
        using var position = torch.zeros(1);
        return table.Table.Count < 16 && kind.Build(table.Table, position.unsqueeze(0)).Forward != TrainingForward.Soft;
    }

    /// <summary>
    /// At two levels the slope along the height points at right angles to the flip: training by height does no better
    /// than what the starts happen to be near. It is not promised to work; that the chord does better is.
    /// </summary>
    [Test]
    public void At_two_levels_the_chord_does_better_than_the_height()
    {
        var chord = Run(new StraightThrough { Gradient = GradientDomain.Transmission }, Tables.Cyclic(2)).Reached.Average();
        var height = Run(new StraightThrough { Gradient = GradientDomain.Height }, Tables.Cyclic(2)).Reached.Average();
        TestContext.Out.WriteLine($"chord {chord:0.000}, height {height:0.000}");
        Assert.That(chord, Is.GreaterThan(height + 0.1));
    }

    // A kind by the chord is run for itself, and for what it does by the height to be compared with.
    private static (double Optimum, double[] Reached) Run(QuantizerKind kind, Tables table) => Known.GetOrAdd((kind, table.Name), _ => Train(kind, table));

    private static (double Optimum, double[] Reached) Train(QuantizerKind kind, Tables table)
    {
        var levels = table.Table.Count;
        var problem = new ToyProblem(pixels: levels switch { 2 => 8, 3 => 7, 4 or 5 => 6, _ => 4 }, seed: levels);
        var optimum = problem.Optimum([.. table.Table.Heights.ToArray().Select(table.Material.Transmission)]);
        var reached = problem.Train(table, kind, Starts, steps: 200, learningRate: 0.02 * levels);
        return (optimum, [.. reached.Order()]);
    }
}
