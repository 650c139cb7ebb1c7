using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

public class ProgressiveSigmoidTests
{
    [TestCase(0.5)]
    [TestCase(2)]
    [TestCase(40)]
    public void On_a_circle_one_level_on_is_one_more(double steepness)
    {
        using var scope = NewDisposeScope();
        var x = linspace(-3, 9, 241, ScalarType.Float64);
        var circle = new LevelSpace(4, Closes: true);
        var further = ProgressiveSigmoid.Evaluate(x + 1, steepness, circle);
        Assert.That((further - ProgressiveSigmoid.Evaluate(x, steepness, circle) - 1).abs().max().item<double>(), Is.LessThan(1e-10));
    }

    /// <summary>The sum is cut off on both sides of a cell, so that it may jump where cells meet. A window of so many thresholds jumped by 0.43 levels at a steepness of 0.02.</summary>
    [Test]
    public void It_jumps_at_no_cell_at_any_steepness_that_is_allowed([Values(2, 5, 40)] int levels, [Values] bool closes, [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType type)
    {
        var bounds = RecordShape.Of(typeof(ProgressiveSigmoid)).Find("steepness")!.Shape.Bounds;
        var (least, most) = (bounds.OfType<AtLeastAttribute>().Single().Limit, bounds.OfType<AtMostAttribute>().Single().Limit);
        var (step, rounding) = type == ScalarType.Float64 ? (1e-9, 1e-10) : (1e-5, 2.5e-5); // six roundings of a number near 40
        using var scope = NewDisposeScope();
        var cells = arange(1, levels - (closes ? 0 : 1), dtype: type);
        var space = new LevelSpace(levels, closes);
        for (var i = 0; i <= 100 && cells.numel() > 0; i++)
        {
            using var each = NewDisposeScope();
            var steepness = least * Math.Pow(most / least, i / 100.0);
            var jump = ProgressiveSigmoid.Evaluate(cells + step, steepness, space) - ProgressiveSigmoid.Evaluate(cells - step, steepness, space);
            Assert.That(jump.abs().max().to(ScalarType.Float64).item<double>(), Is.LessThan(2 * step * 1.01 + rounding), $"at {steepness}");
        }
    }

    /// <summary>At the steepness from which on the circle's curve is taken for a straight line, the whole sum is one.</summary>
    [Test]
    public void On_a_circle_the_flat_curve_is_a_straight_line([Values(0.1, 0.3, 0.5)] double steepness, [Values] bool learnt)
    {
        using var scope = NewDisposeScope();
        var x = linspace(-1.5, 5.5, 57, ScalarType.Float64).view(1, 57);
        var thresholds = arange(-1000, 1000, dtype: ScalarType.Float64);
        var whole = ((steepness * (x.unsqueeze(2) - thresholds - 0.5)).sigmoid() - thresholds.lt(0).to(ScalarType.Float64)).sum(dim: 2);
        Assert.That((whole - x).abs().max().item<double>(), Is.LessThan(1e-10));
        foreach (var positions in new[] { x, x.to(ScalarType.Float32) })
        {
            var given = positions.detach().requires_grad_();
            var y = ProgressiveSigmoid.Sum(given, steepness, learnt ? full([1, 1], steepness, dtype: given.dtype) : null, new LevelSpace(4, Closes: true));
            y.sum().backward();
            Assert.That((y - given).abs().max().to(ScalarType.Float64).item<double>(), Is.Zero);
            Assert.That((given.grad! - 1).abs().max().to(ScalarType.Float64).item<double>(), Is.Zero);
        }
    }

    [Test]
    public void It_rises_everywhere([Values(0.5, 2, 40)] double steepness, [Values] bool closes)
    {
        using var scope = NewDisposeScope();
        var y = ProgressiveSigmoid.Evaluate(linspace(-2, 9, 500, ScalarType.Float64), steepness, new LevelSpace(8, closes));
        Assert.That(y.diff().min().item<double>(), Is.GreaterThan(-1e-12));
        Assert.That(y.diff().max().item<double>(), Is.GreaterThan(1e-3));
    }

    /// <summary>Steep, it is the nearest level; flat, on a circle, it is x itself.</summary>
    [Test]
    public void It_runs_from_a_line_to_a_staircase([Values] bool closes)
    {
        using var scope = NewDisposeScope();
        var space = new LevelSpace(5, closes);
        var x = tensor([0.1, 0.45, 0.55, 1.0, 2.3, 3.6]);
        Assert.That((ProgressiveSigmoid.Evaluate(x, 1000, space) - space.Nearest(x)).abs().max().item<double>(), Is.LessThan(1e-12));
        var flat = ProgressiveSigmoid.Evaluate(x, 1, new LevelSpace(5, Closes: true));
        Assert.That((flat - x).abs().max().item<double>(), Is.LessThan(1e-3));
        var distances = new[] { 2.0, 6, 20 }.Select(k => (ProgressiveSigmoid.Evaluate(x, k, space) - x.round()).abs().sum().item<double>()).ToArray();
        Assert.That(distances, Is.Ordered.Descending);
    }

    [Test]
    public void The_windowed_sum_is_the_whole_sum([Values(0.7, 3, 25)] double steepness, [Values(2, 3, 40)] int levels, [Values] bool closes)
    {
        using var scope = NewDisposeScope();
        var x = linspace(-1.5, levels + 0.5, 157, ScalarType.Float64);
        // on a circle over all integers, less those below 0; two hundred to each side are all that count
        var thresholds = closes ? arange(-200 - levels, 200 + levels, dtype: ScalarType.Float64) : arange(0, levels - 1, dtype: ScalarType.Float64);
        var sigmoids = (steepness * (x.unsqueeze(1) - thresholds - 0.5)).sigmoid();
        var whole = (closes ? sigmoids - thresholds.lt(0).to(ScalarType.Float64) : sigmoids).sum(dim: 1);
        var windowed = ProgressiveSigmoid.Evaluate(x, steepness, new LevelSpace(levels, closes));
        Assert.That((windowed - whole).abs().max().item<double>(), Is.LessThan(1e-10));
        var single = ProgressiveSigmoid.Evaluate(x.to(ScalarType.Float32), steepness, new LevelSpace(levels, closes));
        Assert.That((single - whole).abs().max().item<double>(), Is.LessThan(2e-5));
    }

    /// <summary>In single precision on the CPU one pass works out value and slope; double precision is the oracle.</summary>
    [Test]
    public void Value_and_slope_are_those_of_double_precision([Values(0.7, 3, 25, 400)] double steepness, [Values(2, 5)] int levels, [Values] bool closes, [Values(1, 16, 157)] int count)
    {
        using var scope = NewDisposeScope();
        var space = new LevelSpace(levels, closes);
        var (single, exact) = (linspace(-1.5, levels + 0.5, count).requires_grad_(), linspace(-1.5, levels + 0.5, count).to(ScalarType.Float64).requires_grad_());
        var (y, expected) = (ProgressiveSigmoid.Evaluate(single, steepness, space), ProgressiveSigmoid.Evaluate(exact, steepness, space));
        y.sum().backward();
        expected.sum().backward();
        Assert.That((y - expected).abs().max().item<double>(), Is.LessThan(1e-5 * Math.Max(1, steepness / 25)));
        Assert.That((single.grad! - exact.grad!).abs().max().item<double>(), Is.LessThan(1e-5 * steepness * Math.Max(1, steepness / 25)));
    }

    /// <summary>Steepnesses that are learnt, each its own, in the same pass: 400 beside 0.7, which sums many thresholds.</summary>
    [Test]
    public void The_gradient_of_each_masks_steepness_is_that_of_double_precision([Values(2, 5)] int levels, [Values] bool closes, [Values(1, 16, 157)] int count)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var space = new LevelSpace(levels, closes);
        var start = rand([3, count], ScalarType.Float64, generator: generator) * (levels + 2) - 1.5;
        var weight = randn([3, count], ScalarType.Float64, generator: generator);

        var (y, slope, ofSteepness) = Run(ScalarType.Float32);
        var (expected, exactSlope, exactOfSteepness) = Run(ScalarType.Float64);

        Assert.That((y - expected).abs().max().item<double>(), Is.LessThan(1e-4));
        Assert.That((slope - exactSlope).abs().max().item<double>(), Is.LessThan(2e-5 * exactSlope.abs().max().item<double>()));
        // On a circle the terms of a flat sigmoid cancel: what is left is measured against what was added up.
        Assert.That((ofSteepness - exactOfSteepness).abs().max().item<double>(), Is.LessThan(1e-5 * exactOfSteepness.abs().max().item<double>() + 1e-6 * weight.abs().sum().item<double>()));

        (Tensor Value, Tensor Slope, Tensor OfSteepness) Run(ScalarType type)
        {
            var x = start.to(ScalarType.Float32).to(type).detach().requires_grad_();
            var k = tensor([0.7f, 25, 400]).to(type).view(3, 1).requires_grad_();
            var value = ProgressiveSigmoid.Sum(x, 0.7, k, space);
            (value * weight.to(type)).sum().backward();
            return (value.detach().to(ScalarType.Float64), x.grad!.to(ScalarType.Float64), k.grad!.to(ScalarType.Float64));
        }
    }

    /// <summary>Summed over all thresholds this would take 26 GB; near the pixel there are only a few.</summary>
    [Test]
    public void Many_levels_cost_no_more_than_few([Values] bool closes)
    {
        using var scope = NewDisposeScope();
        var x = linspace(0, 65_535, 100_000);
        var y = ProgressiveSigmoid.Evaluate(x, 40, new LevelSpace(65_536, closes));
        Assert.That((y - x).abs().max().item<float>(), Is.LessThan(0.51));
    }

    [Test]
    public void Beyond_the_ends_the_value_stays_and_the_slope_leads_back()
    {
        using var scope = NewDisposeScope();
        var quantizer = new ProgressiveSigmoid { OutsideSlope = 0.02 }.Build(new LevelTable([0, 1, 2, 3]), zeros(1));
        var x = tensor([-2.0, 5.5]).requires_grad_(true);
        quantizer.Advance(new TrainingMoment(1), x);
        var (cell, fraction) = (CellIndex)quantizer.Soften(x);
        var y = cell + fraction;
        y.sum().backward();
        Assert.That(y.data<double>().ToArray(), Is.EqualTo((double[])[0, 3]).Within(1e-12));
        Assert.That(x.grad!.data<double>().ToArray(), Is.EqualTo((double[])[0.02, 0.02]).Within(1e-12));
    }
}
