using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Schedules;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

/// <summary>A steepness that is learnt, against the same steepness from a schedule: k = from·exp(rate·θ), one θ for each mask.</summary>
public class LearntSteepnessTests
{
    private const double Rate = 0.5;
    private static readonly double[] Steps = [2.2, 0.4]; // of the two masks; the second is the flatter one

    private static IEnumerable<TestCaseData> Kinds()
    {
        foreach (var table in Tables.All)
        {
            foreach (var variant in Enum.GetValues<SoftTanhVariant>())
                yield return new TestCaseData(new SoftTanh { Variant = variant }, table.Name).SetArgDisplayNames($"soft_tanh {variant}", table.Name);
            yield return new TestCaseData(new ProgressiveSigmoid(), table.Name).SetArgDisplayNames("progressive_sigmoid", table.Name);
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void Each_mask_has_the_curve_of_its_own_steepness(QuantizerKind kind, string name)
    {
        using var scope = NewDisposeScope();
        var table = Tables.All.Single(tables => string.Equals(tables.Name, name, StringComparison.Ordinal));
        var positions = linspace(-1.3, 4.7, 121).repeat(2, 1);
        using var learnt = Learnt(kind).Build(table.Table, positions);
        using (no_grad())
            learnt.Parameter("steepness").copy_(tensor(Steps, dtype: ScalarType.Float32));
        learnt.Advance(new TrainingMoment(0.7), positions); // the progress plays no part
        var both = Place(learnt.Soften(positions));
        for (var mask = 0; mask < 2; mask++)
        {
            using var scheduled = Scheduled(kind, Math.Exp(Rate * Steps[mask])).Build(table.Table, positions[..1]);
            var expected = Place(scheduled.Soften(positions[..1]))[0];
            var apart = both[mask] - expected;
            if (table.Table.Period is not null)
                apart -= (apart / table.Table.Count).round() * table.Table.Count;
            Assert.That(apart.abs().max().item<float>(), Is.LessThan(2e-5), $"mask {mask + 1}");
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void It_is_pulled_upwards_and_kept_within_the_schedule(QuantizerKind kind, string name)
    {
        using var scope = NewDisposeScope();
        var table = Tables.All.Single(tables => string.Equals(tables.Name, name, StringComparison.Ordinal));
        var positions = zeros(2, 3);
        using var quantizer = Learnt(kind).Build(table.Table, positions);
        var steps = quantizer.Parameter("steepness");
        using (no_grad())
            steps.copy_(tensor([0.3f, 1.7f]));
        Assert.That(quantizer.Penalty()!.item<float>(), Is.EqualTo(-(0.3 + 1.7) * 0.25 * Rate).Within(1e-6));
        using (no_grad())
            steps.copy_(tensor([-1f, 100]));
        quantizer.ConfineUntracked(positions);
        var (first, last) = (SteepnessAt(kind, 0), SteepnessAt(kind, 1));
        Assert.That(steps[0].item<float>(), Is.Zero);
        Assert.That(steps[1].item<float>(), Is.EqualTo(Math.Log(last / first) / Rate).Within(1e-5));
    }

    /// <summary>The two published forms differ: each index is the curve of its own, on a line held at the ends.</summary>
    [Test]
    public void An_index_is_the_curve_of_its_variant([Values] SoftTanhVariant variant, [Values] bool closes)
    {
        using var scope = NewDisposeScope();
        var table = (closes ? Tables.Cyclic(4) : Tables.Uneven).Table;
        var positions = linspace(-0.9, 3.9, 97).unsqueeze(0);
        using var quantizer = new SoftTanh { Variant = variant, Alpha = new Constant { Value = 0.1 } }.Build(table, positions);
        var expected = closes ? SoftTanh.Evaluate(positions, 0.1, variant) : SoftTanh.Evaluate(positions.clamp(0, 3), 0.1, variant).clamp(0, 3);
        var apart = Place(quantizer.Soften(positions)) - expected;
        if (closes)
            apart -= (apart / 4).round() * 4;
        Assert.That(apart.abs().max().item<float>(), Is.LessThan(2e-6));
    }

    [Test]
    public void Without_a_regularizer_nothing_is_added_to_the_loss()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new SoftTanh { Learnt = new() { Regularizer = 0 } }.Build(Tables.Cyclic(4).Table, zeros(1, 3));
        Assert.That(quantizer.Penalty(), Is.Null);
    }

    [TestCaseSource(nameof(Kinds))]
    public void Positions_stay_between_the_ends_of_a_line(QuantizerKind kind, string name)
    {
        using var scope = NewDisposeScope();
        var table = Tables.All.Single(tables => string.Equals(tables.Name, name, StringComparison.Ordinal));
        var positions = tensor([-0.7f, 1.3f, 8]).view(1, 3);
        using var quantizer = Learnt(kind).Build(table.Table, positions);
        quantizer.ConfineUntracked(positions);
        float[] expected = table.Table.Period is null ? [0, 1.3f, table.Table.Count - 1] : [-0.7f, 1.3f, 8];
        Assert.That(positions.data<float>().ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void A_schedule_that_leads_nowhere_cannot_be_learnt_along()
    {
        var learnt = new LearntSteepness();
        Assert.That(new ProgressiveSigmoid { Learnt = learnt, Steepness = new Linear { From = 5, To = 5 } }.Check().Single().Key, Is.EqualTo("steepness"));
        Assert.That(new SoftTanh { Learnt = learnt, Alpha = new Linear { From = 0.1, To = 0.1 } }.Check().Single().Key, Is.EqualTo("alpha"));
        Assert.That(new ProgressiveSigmoid { Steepness = new Linear { From = 5, To = 5 } }.Check().Concat(new SoftTanh { Alpha = new Linear { From = 0.1, To = 0.1 } }.Check()), Is.Empty, "it may be followed");
        Assert.That(new ProgressiveSigmoid { Learnt = learnt }.Check().Concat(new SoftTanh { Learnt = learnt }.Check()), Is.Empty);
    }

    private static QuantizerKind Learnt(QuantizerKind kind)
    {
        var learnt = new LearntSteepness { Rate = Rate, Regularizer = 0.25 };
        return kind is SoftTanh tanh ? tanh with { Learnt = learnt } : (ProgressiveSigmoid)kind with { Learnt = learnt };
    }

    /// <summary>The kind with a multiple of its first steepness throughout.</summary>
    private static QuantizerKind Scheduled(QuantizerKind kind, double times)
    {
        var steepness = SteepnessAt(kind, 0) * times;
        return kind is SoftTanh tanh
            ? tanh with { Alpha = new Constant { Value = 2 / (Math.Exp(steepness) + 1) } }
            : (ProgressiveSigmoid)kind with { Steepness = new Constant { Value = steepness } };
    }

    private static double SteepnessAt(QuantizerKind kind, double progress) =>
        kind is SoftTanh tanh ? Math.Log(2 / tanh.Alpha.At(progress) - 1) : ((ProgressiveSigmoid)kind).Steepness.At(progress);

    private static Tensor Place(SoftIndex index) => index is CellIndex(var cell, var fraction) ? cell + fraction.detach() : throw new AssertionException($"{index.GetType().Name} is no place");
}
