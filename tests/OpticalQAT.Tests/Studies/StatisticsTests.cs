using NUnit.Framework;
using OpticalQAT.Studies;

namespace OpticalQAT.Tests.Studies;

public sealed class StatisticsTests
{
    // The two-sided t table that stands in every textbook, to its three decimals.
    [TestCase(0.95, 1, 12.706)]
    [TestCase(0.95, 2, 4.303)]
    [TestCase(0.95, 3, 3.182)]
    [TestCase(0.95, 4, 2.776)]
    [TestCase(0.95, 5, 2.571)]
    [TestCase(0.95, 9, 2.262)]
    [TestCase(0.95, 10, 2.228)]
    [TestCase(0.95, 30, 2.042)]
    [TestCase(0.95, 120, 1.980)]
    [TestCase(0.95, 100_000, 1.960)]
    [TestCase(0.99, 4, 4.604)]
    [TestCase(0.90, 7, 1.895)]
    [TestCase(0.50, 1, 1.000)]
    public void The_quantiles_of_t_are_those_of_the_table(double probability, int degrees, double expected) =>
        Assert.That(StudentT.TwoSided(probability, degrees), Is.EqualTo(expected).Within(0.0005));

    [Test]
    public void One_degree_is_Cauchy_and_two_have_a_closed_form()
    {
        foreach (var p in new[] { 0.01, 0.3, 0.95, 0.999 })
        {
            Assert.That(StudentT.TwoSided(p, 1), Is.EqualTo(Math.Tan(Math.PI * p / 2)).Within(1e-10).Percent);
            Assert.That(StudentT.TwoSided(p, 2), Is.EqualTo(p * Math.Sqrt(2 / (1 - p * p))).Within(1e-10).Percent);
        }
    }

    [Test]
    public void Mean_deviation_and_interval_of_a_worked_example()
    {
        double[] values = [0.943, 0.946, 0.940];

        Assert.That(Statistics.Mean(values), Is.EqualTo(0.943).Within(1e-12));
        Assert.That(Statistics.StandardDeviation(values), Is.EqualTo(0.003).Within(1e-12));
        // 4.302653 · 0.003 / √3
        Assert.That(Statistics.OfMean(values)!.Value.HalfWidth, Is.EqualTo(0.00745241).Within(1e-8));
        Assert.That(Statistics.OfMean(values)!.Value.Low, Is.EqualTo(0.943 - 0.00745241).Within(1e-8));
    }

    [Test]
    public void One_value_has_a_mean_and_no_interval()
    {
        Assert.That(Statistics.Mean([0.5]), Is.EqualTo(0.5));
        Assert.That(Statistics.StandardDeviation([0.5]), Is.Null);
        Assert.That(Statistics.OfMean([0.5]), Is.Null);
        Assert.That(() => Statistics.Mean([]), Throws.ArgumentException);
    }

    [Test]
    public void Nineteen_of_twenty_intervals_hold_the_mean_that_the_values_were_drawn_from()
    {
        var random = new Random(5);
        var held = 0;
        const int Trials = 20_000;
        for (var trial = 0; trial < Trials; trial++)
        {
            var values = Enumerable.Range(0, 3).Select(_ => 7 + Gaussian(random)).ToArray();
            held += Statistics.OfMean(values)!.Value.Contains(7) ? 1 : 0;
        }
        Assert.That((double)held / Trials, Is.EqualTo(0.95).Within(0.006));
    }

    [Test]
    public void What_pairs_share_does_not_widen_their_difference()
    {
        double[] references = [0.90, 0.95, 0.97];
        double[] values = [0.89, 0.94, 0.96];

        var differences = Statistics.Differences(values, references);

        Assert.That(differences, Is.All.EqualTo(-0.01).Within(1e-12));
        Assert.That(Statistics.OfMean(differences)!.Value.HalfWidth, Is.LessThan(1e-10));
        Assert.That(() => Statistics.Differences(values, [0.9]), Throws.ArgumentException);
    }

    // Newcombe, Statistics in Medicine 17, 857 (1998), table I, the score method without continuity correction.
    [TestCase(81, 263, 0.2553, 0.3662)]
    [TestCase(15, 148, 0.0624, 0.1605)]
    [TestCase(0, 20, 0.0000, 0.1611)]
    [TestCase(1, 29, 0.0061, 0.1718)]
    public void Wilsons_interval_is_that_of_the_published_examples(int successes, int trials, double low, double high)
    {
        var interval = Statistics.OfProportion(successes, trials);

        Assert.That(interval.Low, Is.EqualTo(low).Within(0.00005));
        Assert.That(interval.High, Is.EqualTo(high).Within(0.00005));
    }

    [Test]
    public void Wilsons_interval_is_symmetric_and_stays_between_0_and_1()
    {
        Assert.That(Statistics.OfProportion(20, 20), Is.EqualTo(new Interval(1 - Statistics.OfProportion(0, 20).High, 1)).Using<Interval>(Close));
        Assert.That(Statistics.OfProportion(1, 1).High, Is.EqualTo(1));
        Assert.That(() => Statistics.OfProportion(3, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Statistics.OfProportion(0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());

        static bool Close(Interval a, Interval b) => Math.Abs(a.Low - b.Low) < 1e-12 && Math.Abs(a.High - b.High) < 1e-12;
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
