using NUnit.Framework;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

public class LevelSpaceTests
{
    private static readonly double[] Positions = [-1.2, -0.5, 0, 0.49, 0.5, 2.6, 3, 3.4, 3.5, 7.9];

    [TestCase(true, new long[] { 3, 0, 0, 0, 1, 3, 3, 3, 0, 0 })]
    [TestCase(false, new long[] { 0, 0, 0, 0, 1, 3, 3, 3, 3, 3 })]
    public void The_nearest_level_and_the_higher_one_half_way(bool closes, long[] expected)
    {
        using var scope = NewDisposeScope();
        Assert.That(new LevelSpace(4, closes).Nearest(tensor(Positions)).data<long>().ToArray(), Is.EqualTo(expected));
    }

    [TestCase(true, new long[] { 2, 3, 0, 0, 0, 2, 3, 3, 3, 3 }, new[] { 0.8, 0.5, 0, 0.49, 0.5, 0.6, 0, 0.4, 0.5, 0.9 })]
    [TestCase(false, new long[] { 0, 0, 0, 0, 0, 2, 2, 2, 2, 2 }, new[] { 0, 0, 0, 0.49, 0.5, 0.6, 1, 1, 1, 1 })]
    public void A_position_is_a_cell_and_the_way_through_it(bool closes, long[] cells, double[] fractions)
    {
        using var scope = NewDisposeScope();
        var (cell, fraction) = new LevelSpace(4, closes).Split(tensor(Positions));
        Assert.That(cell.data<long>().ToArray(), Is.EqualTo(cells));
        Assert.That(fraction.data<double>().ToArray(), Is.EqualTo(fractions).Within(1e-12));
    }

    [TestCase(true, new[] { 1.0, 1, 1 })]
    [TestCase(false, new[] { 0.0, 1, 0 })]
    public void Beyond_the_ends_of_a_line_no_gradient_passes(bool closes, double[] expected)
    {
        using var scope = NewDisposeScope();
        var x = tensor([-0.5, 1.5, 3.5]).requires_grad_(true);
        new LevelSpace(4, closes).Split(x).Fraction.sum().backward();
        Assert.That(x.grad!.data<double>().ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Interpolation_at_the_ends_of_a_cell_is_the_table_itself()
    {
        using var scope = NewDisposeScope();
        var (lower, upper) = (tensor([0.1, 0.7]), tensor([0.7, 0.3]));
        var index = new CellIndex(tensor([0L, 1, 0, 1]), tensor([0.0, 0, 1, 0.25]));
        Assert.That(index.Interpolate(new LevelValues(lower, upper)).data<double>().ToArray(), Is.EqualTo((double[])[0.1, 0.7, 0.7, 0.7 * 0.75 + 0.3 * 0.25]));
    }
}
