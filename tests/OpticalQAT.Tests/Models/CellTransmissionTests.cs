using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

/// <summary>On the CPU the way from a position to its transmission is one node in single precision; torch's own operations in double precision are the oracle.</summary>
[TestFixture]
public sealed class CellTransmissionTests
{
    private static readonly Wave Light = new(new Length(0.75e-3));

    /// <summary>A circle without loss, or uneven levels that do not close, in a polymer that absorbs.</summary>
    private static (Material Material, LevelTable Table) Levels(bool closes)
    {
        var material = new Material(1.7227, closes ? 0 : 0.03, Light);
        var wave = material.OneWave.Metres;
        return (material, closes
            ? new LevelTable([0, wave / 4, wave / 2, 3 * wave / 4], wave)
            : new LevelTable([0, 0.1e-3, 0.35e-3, 0.5e-3, 1.9e-3]));
    }

    [Test]
    public void Value_and_gradient_are_those_of_double_precision(
        [Values] GradientDomain gradient, [Values] bool closes, [Values] bool isSteep, [Values(1, 7, 50)] int pixels)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (material, table) = Levels(closes);
        QuantizerKind kind = isSteep ? new StraightThrough() : new ProgressiveSigmoid();
        var start = rand([2, pixels], generator: generator) * (table.Count - 1);
        var weight = view_as_complex(randn([2, pixels, 2], generator: generator));

        var (single, gradientOfSingle) = Run(ScalarType.Float32);
        var (exact, exactGradient) = Run(ScalarType.Float64);

        // The widest cell is 8.5 radians of phase, of which single precision resolves about a millionth.
        Assert.That((single - exact.to(ScalarType.ComplexFloat64)).abs().max().item<double>(), Is.LessThan(5e-6));
        Assert.That((gradientOfSingle.to(ScalarType.Float64) - exactGradient).abs().max().item<double>(), Is.LessThan(1e-5 * exactGradient.abs().max().item<double>()));

        (Tensor Value, Tensor Gradient) Run(ScalarType type)
        {
            var position = start.to(type).detach().requires_grad_();
            using var quantizer = kind.Build(table, position);
            quantizer.Advance(new TrainingMoment(0.3), position);
            var t = new QuantizedRelief(material, quantizer, gradient).Transmission(position);
            (t * weight.conj()).real.sum().backward();
            return (t.detach(), position.grad!);
        }
    }

    [Test]
    public void The_gradient_of_levels_that_each_mask_has_learnt_is_that_of_double_precision([Values] GradientDomain gradient, [Values] bool closes, [Values] bool isSteep)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var (material, table) = Levels(closes);
        var kind = new LearnedLevels { Inner = isSteep ? new StraightThrough() : new ProgressiveSigmoid(), MinimumSpacing = new Length(1e-6) };
        var start = rand([3, 40], generator: generator) * (table.Count - 1);
        var weight = view_as_complex(randn([3, 40, 2], generator: generator));

        var (single, ofSingle) = Run(ScalarType.Float32);
        var (exact, ofExact) = Run(ScalarType.Float64);

        Assert.That((single - exact.to(ScalarType.ComplexFloat64)).abs().max().item<double>(), Is.LessThan(5e-6));
        foreach (var (its, expected) in ofSingle.Zip(ofExact))
            Assert.That((its.to(ScalarType.Float64) - expected).abs().max().item<double>(), Is.LessThan(1e-5 * expected.abs().max().item<double>()));

        // the value, the gradient of the positions, and that of the levels of each mask
        (Tensor Value, Tensor[] Gradients) Run(ScalarType type)
        {
            var position = start.to(type).detach().requires_grad_();
            var quantizer = kind.Build(table, position);
            quantizer.Advance(new TrainingMoment(0.3), position.detach());
            using (no_grad())
            {
                foreach (var shifts in quantizer.parameters())
                    shifts.copy_(stack(Enumerable.Range(0, 3).Select(mask => linspace(0, 0.002 * mask, table.Count))));
            }
            var t = new QuantizedRelief(material, quantizer, gradient).Transmission(position);
            (t * weight.conj()).real.sum().backward();
            return (t.detach(), [position.grad!, .. quantizer.parameters().SelectMany(shifts => Enumerable.Range(0, 3).Select(mask => shifts.grad![mask]))]);
        }
    }

    [Test]
    public void Without_the_graph_it_is_the_same([Values] GradientDomain gradient)
    {
        using var scope = NewDisposeScope();
        var relief = Tables.Cyclic(4).Relief(new ProgressiveSigmoid(), gradient);
        var position = linspace(0, 3.9, 33).requires_grad_();
        using var untracked = no_grad();
        var plain = relief.Transmission(position);
        using var tracked = enable_grad();
        Assert.That(Tensors.SameBits(relief.Transmission(position).detach(), plain), Is.True);
    }

    /// <summary>The trainer finds what is not a number in the loss and says where; nothing may read beyond a table on the way there.</summary>
    [Test]
    public void A_position_that_is_no_number_has_a_transmission_that_is_none([Values] GradientDomain gradient)
    {
        using var scope = NewDisposeScope();
        var relief = new QuantizedRelief(
            new Material(1.7227, 0, Light), new StraightThrough().Build(new LevelTable([0, 1e-3, 2e-3]), zeros(1, 3)), gradient);
        var t = relief.Transmission(tensor([0f, float.NaN, 1]));
        Assert.That(t.real.isnan().data<bool>().ToArray(), Is.EqualTo((bool[])[false, true, false]));
    }
}
