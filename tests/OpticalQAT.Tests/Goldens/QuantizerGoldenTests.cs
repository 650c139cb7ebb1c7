using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Schedules;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Goldens;

/// <summary>
/// Our quantizers work in level units, the reference in radians: x = (value-lower)/step, k per level = k·step,
/// soft value = y·step + lower.
/// </summary>
public class QuantizerGoldenTests
{
    private static IEnumerable<string> Sigmoids => Golden.Named("mlsq_").Select(golden => golden.Name);

    private static IEnumerable<string> SoftTanhs => Golden.Named("dsq_").Select(golden => golden.Name);

    private static IEnumerable<string> Roundings => Golden.Named("mlsq_").Concat(Golden.Named("fake_")).Select(golden => golden.Name);

    [TestCaseSource(nameof(Sigmoids))]
    public void Soft_values_and_gradients_between_the_bounds(string name)
    {
        using var scope = NewDisposeScope();
        var c = new Case(name);
        var value = c.X.clone().requires_grad_(true);
        var soft = c.Soft(value);
        soft.sum().backward();
        var inside = c.IsInside;

        Assert.That(inside.sum().item<long>(), Is.GreaterThan(100));
        Assert.That(Tensors.WorstError(soft[inside], c.Array("soft")[inside]), Is.LessThan(1e-10));
        Assert.That(Tensors.WorstError(value.grad![inside], c.Array("soft_gradient")[inside]), Is.LessThan(1e-10));
    }

    /// <summary>
    /// Beyond the bounds the reference's value is the sum of sigmoids plus 0.01·value, which no mask can have. Ours
    /// stays where the sigmoids are, kept between the ends; of the added line it keeps the slope alone.
    /// </summary>
    [TestCaseSource(nameof(Sigmoids))]
    public void Beyond_the_bounds_the_reference_adds_a_line_and_we_its_slope(string name)
    {
        using var scope = NewDisposeScope();
        var c = new Case(name);
        var outside = c.IsInside.logical_not();
        var slope = c.Golden.Number("out_of_range_slope");
        var reference = c.Array("soft")[outside] - slope * c.X[outside];
        Assert.That(outside.sum().item<long>(), Is.GreaterThan(50));
        Assert.That(Tensors.WorstError(c.Soft(c.X)[outside], reference), Is.LessThan(1e-10));

        var options = new ProgressiveSigmoid { Steepness = new Constant { Value = c.SteepnessPerLevel }, OutsideSlope = slope };
        var value = c.X[outside].clone().requires_grad_(true);
        var (cell, fraction) = (CellIndex)options.Build(c.Table, c.X).Soften(c.ToLevels(value));
        var ours = (cell + fraction) * c.Step + c.Lower;
        ours.sum().backward();
        Assert.That(Tensors.WorstError(ours, reference), Is.LessThan(1e-10));
        Assert.That(Tensors.WorstError(value.grad!, c.Array("soft_gradient")[outside]), Is.LessThan(1e-10));
    }

    /// <summary>Half-way between two levels, where the curve jumps, either side may be right.</summary>
    [TestCaseSource(nameof(SoftTanhs))]
    public void Soft_tanh_in_the_form_of_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        var c = new Case(name);
        var value = c.X.clone().requires_grad_(true);
        var soft = SoftTanh.Evaluate(c.ToLevels(value), c.Golden.Number("alpha"), SoftTanhVariant.Quaton) * c.Step + c.Lower;
        soft.sum().backward();
        var position = c.ToLevels(c.X);
        var compared = c.IsInside.logical_and((position - position.floor() - 0.5).abs().gt(1e-9));

        Assert.That(compared.sum().item<long>(), Is.GreaterThan(100));
        Assert.That(Tensors.WorstError(soft[compared], c.Array("soft")[compared]), Is.LessThan(1e-10));
        Assert.That(Tensors.WorstError(value.grad![compared], c.Array("soft_gradient")[compared]), Is.LessThan(1e-10));
    }

    [TestCaseSource(nameof(Roundings))]
    public void Hard_values_are_the_nearest_entries_of_the_inclusive_table(string name)
    {
        using var scope = NewDisposeScope();
        var c = new Case(name);
        var table = new LevelTable([.. Enumerable.Range(0, c.Space.Count).Select(level => c.Lower + level * c.Step)]);
        var entries = tensor(table.Heights.ToArray());
        var hard = entries.index_select(0, table.Space.Nearest(c.ToLevels(c.X)));
        Assert.That(Tensors.WorstError(hard, c.Array("hard")), Is.LessThan(1e-10));
    }

    private sealed class Case
    {
        public Case(string name)
        {
            Golden = Golden.Named(name).Single();
            Space = new LevelSpace(Golden.Count("levels"), Closes: false);
            Lower = Golden.Number("lower");
            Step = (Golden.Number("upper") - Lower) / (Space.Count - 1);
            X = Golden.Array("x");
        }

        public Golden Golden { get; }

        public LevelSpace Space { get; }

        /// <summary>The levels in level units, for which their heights do not matter.</summary>
        public LevelTable Table => new([.. Enumerable.Range(0, Space.Count).Select(level => (double)level)]);

        public double Lower { get; }

        public double Step { get; }

        public Tensor X { get; }

        public double SteepnessPerLevel => Golden.Number("slope") * Step;

        public Tensor IsInside => X.ge(Lower).logical_and(X.le(Golden.Number("upper")));

        public Tensor Array(string key) => Golden.Array(key);

        public Tensor ToLevels(Tensor value) => (value - Lower) / Step;

        public Tensor Soft(Tensor value) => ProgressiveSigmoid.Evaluate(ToLevels(value), SteepnessPerLevel, Space) * Step + Lower;
    }
}
