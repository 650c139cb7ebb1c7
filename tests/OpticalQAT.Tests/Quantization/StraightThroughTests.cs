using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

public class StraightThroughTests
{
    /// <summary>The gradient is that of (1-s)·t_k + s·t_{k+1}: the first-order effect of the step to the next level.</summary>
    [Test]
    public void The_slope_is_that_of_the_chord_between_the_neighbouring_levels()
    {
        using var scope = NewDisposeScope();
        var table = Tables.Cyclic(3);
        var x = tensor([0.2f, 1.9f, 2.5f]).requires_grad_(true);
        table.Relief(new StraightThrough(), GradientDomain.Transmission).Transmission(x).real.sum().backward();
        var t = table.Table.Heights.ToArray().Select(height => table.Material.Transmission(height).Real).ToArray();
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo((double[])[t[1] - t[0], t[2] - t[1], t[0] - t[2]]).Within(1e-6));
    }

    [Test]
    public void Every_fraction_becomes_exactly_a_whole_one()
    {
        using var scope = NewDisposeScope();
        var x = linspace(-1, 5, 9973);
        var quantizer = new StraightThrough().Build(new LevelTable([0, 1, 2, 3], period: 4), x);
        var (_, fraction) = (CellIndex)quantizer.Soften(x);
        Assert.That(fraction.eq(0).logical_or(fraction.eq(1)).all().item<bool>(), Is.True);
    }
}
