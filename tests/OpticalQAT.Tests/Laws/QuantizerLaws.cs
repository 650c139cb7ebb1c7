using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every kind of quantizer on every sort of table, whichever way its gradient goes.</summary>
public class QuantizerLaws
{
    private static IEnumerable<TestCaseData> Cases =>
        from named in QuantizerVariations.All
        from table in Tables.All
        from gradient in Enum.GetValues<GradientDomain>()
        select new TestCaseData(named.Kind with { Gradient = gradient }, table).SetArgDisplayNames(named.Name, table.Name, gradient.ToString());

    [TestCaseSource(nameof(Cases))]
    public void In_evaluation_every_pixel_is_a_level_to_the_bit(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        var tables = (Tables)table;
        using var mask = Mask(kind, tables);
        mask.Stack.eval();
        var entries = tensor(tables.Table.Heights.ToArray());
        var transmissions = ComplexTensor.Of([.. tables.Table.Heights.ToArray().Select(tables.Material.Transmission)], tables.Table.Count).to(ScalarType.ComplexFloat32);
        foreach (var progress in new[] { 0, 0.4, 1 })
        {
            mask.Advance(progress);
            var levels = mask.Levels();
            Assert.That(Tensors.SameBits(mask.Heights(), entries[levels]), Is.True, "heights");
            Assert.That(Tensors.SameBits(mask.Transmission(), transmissions[levels]), Is.True, "transmissions");
            Assert.That(levels.min().item<long>(), Is.Zero);
            Assert.That(levels.max().item<long>(), Is.EqualTo(tables.Table.Count - 1));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void The_gradient_is_finite_and_not_zero(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        using var mask = Mask(kind, (Tables)table);
        var weight = Tensors.NormalField(mask.Position.shape[1..], 7).to(ScalarType.ComplexFloat32);
        foreach (var progress in new[] { 0, 0.5, 1 })
        {
            mask.Stack.zero_grad();
            mask.Advance(progress);
            (weight * mask.Transmission()).real.sum().backward();
            foreach (var (name, parameter) in mask.Stack.named_parameters().Where(p => p.parameter.requires_grad))
            {
                Assert.That(parameter.grad!.isfinite().all().item<bool>(), Is.True, $"{name} at progress {progress}");
                var isSteepness = name.EndsWith("steepness", StringComparison.Ordinal);
                if (kind is Incremental && progress == 1 && !name.EndsWith("shifts", StringComparison.Ordinal))
                {
                    Assert.That(parameter.grad!.count_nonzero().item<long>(), Is.Zero, "what is frozen learns no more");
                    continue;
                }
                Assert.That(parameter.grad!.abs().max().to(ScalarType.Float64).item<double>(), Is.GreaterThan(isSteepness ? 1e-5 : 1e-2), $"{name} at progress {progress}");
            }
        }
    }

    /// <summary>Nothing comes out brighter than it went in, whatever the soft forward interpolates.</summary>
    [TestCaseSource(nameof(Cases))]
    public void A_mask_gives_no_light(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        using var mask = Mask(kind, (Tables)table);
        mask.Advance(0.3);
        var transmission = mask.Transmission();
        Assert.That(transmission.dtype, Is.EqualTo(ScalarType.ComplexFloat32));
        Assert.That(transmission.abs().max().item<float>(), Is.LessThan(1 + 1e-5));
    }

    /// <summary>To the bit along the chord of given levels; along the height, and for levels that are learnt, the same height is turned into a phase in one step more.</summary>
    [TestCaseSource(nameof(Cases))]
    public void What_training_shows_is_what_the_kind_says(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        var tables = (Tables)table;
        using var mask = Mask(kind, tables);
        mask.Advance(0.4);
        mask.Advance(0.4, seed: 1); // a step later, which draws its levels apart from what was frozen before
        var shown = mask.Transmission();
        mask.Stack.eval();
        var printed = mask.Transmission();
        var apart = (shown - printed).abs().max().item<float>();
        switch (mask.Quantizer.Forward)
        {
            case TrainingForward.Printed when kind.Gradient == GradientDomain.Transmission && !kind.LearnsLevels:
                Assert.That(Tensors.SameBits(shown, printed), Is.True);
                break;
            case TrainingForward.Printed:
                Assert.That(apart, Is.LessThan(3e-7));
                break;
            case TrainingForward.Drawn:
                Assert.That(apart, Is.GreaterThan(0.1), "a level that is drawn is not always the one that is printed");
                var levels = tables.Relief(new StraightThrough(), GradientDomain.Transmission).PrintedTransmission(arange(tables.Table.Count, dtype: ScalarType.Float32));
                var toNearest = (shown.flatten().unsqueeze(1) - levels.unsqueeze(0)).abs().amin([1L]);
                Assert.That(toNearest.max().item<float>(), Is.LessThan(3e-7), "what is drawn is a level");
                break;
            default:
                Assert.That(apart, Is.GreaterThan(1e-3), "a kind that calls itself soft is");
                break;
        }
    }

    /// <summary>The gradient of a soft kind is that of its own forward value.</summary>
    [TestCaseSource(nameof(Cases))]
    public void The_gradient_of_a_soft_kind_matches_finite_differences(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        var tables = (Tables)table;
        // inside the table, away from the kinks at the levels
        var position = tensor([0.3, 0.6, 0.85, 1.2, 1.45, 1.7]);
        var relief = tables.Relief(kind, kind.Gradient, position);
        if (relief.Quantizer.Forward != TrainingForward.Soft)
            return;
        relief.Quantizer.Advance(new TrainingMoment(0.2), position.unsqueeze(0));
        var weight = Tensors.NormalField([6], 3);
        Tensors.AssertGradientMatchesDifferences(
            x => (weight * relief.Transmission(x.unsqueeze(0))).real.sum(), position, step: 2e-3, tolerance: 2e-3);
    }

    private static OneMask Mask(QuantizerKind kind, Tables tables)
    {
        var positions = Positions(tables.Table).unsqueeze(0);
        return new OneMask(tables.Relief(kind, kind.Gradient, positions), positions);
    }

    /// <summary>Random positions in and beyond the table, and every level, every middle and every end.</summary>
    private static Tensor Positions(LevelTable table)
    {
        using var generator = new Generator(5);
        var random = rand(40, generator: generator) * (table.Count + 2) - 1;
        return cat([random, arange(-1, table.Count + 1, 0.5, dtype: ScalarType.Float32)]);
    }
}
