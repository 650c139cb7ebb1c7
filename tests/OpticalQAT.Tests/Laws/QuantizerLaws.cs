using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>What every kind of quantizer obeys on every sort of table, whichever way its gradient goes.</summary>
public class QuantizerLaws
{
    private static IEnumerable<TestCaseData> Cases =>
        from kind in Kinds.Of<QuantizerKind>()
        from table in Tables.All
        from gradient in Enum.GetValues<GradientDomain>()
        select new TestCaseData(kind with { Gradient = gradient }, table).SetArgDisplayNames(kind.GetType().Name, table.Name, gradient.ToString());

    [TestCaseSource(nameof(Cases))]
    public void In_evaluation_every_pixel_is_a_level_to_the_bit(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        var tables = (Tables)table;
        using var mask = new HeightMask(tables.Relief(kind, kind.Gradient), Positions(tables.Table), oversampling: 1);
        mask.eval();
        var entries = tensor(tables.Table.Heights.ToArray());
        var transmissions = ComplexTensor.Of([.. tables.Table.Heights.ToArray().Select(tables.Material.Transmission)], tables.Table.Count).to(ScalarType.ComplexFloat32);
        foreach (var progress in new[] { 0, 0.4, 1 })
        {
            mask.Progress = progress;
            var levels = mask.Levels()!;
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
        var tables = (Tables)table;
        var relief = tables.Relief(kind, kind.Gradient);
        foreach (var progress in new[] { 0, 0.5, 1 })
        {
            var position = Positions(tables.Table).requires_grad_(true);
            var weight = Tensors.NormalField(position.shape, 7).to(ScalarType.ComplexFloat32);
            (weight * relief.Transmission(position, progress)).real.sum().backward();
            Assert.That(position.grad!.isfinite().all().item<bool>(), Is.True, $"at progress {progress}");
            Assert.That(position.grad!.abs().max().item<float>(), Is.GreaterThan(1e-2), $"at progress {progress}");
        }
    }

    /// <summary>Nothing comes out brighter than it went in, whatever the soft forward interpolates.</summary>
    [TestCaseSource(nameof(Cases))]
    public void A_mask_gives_no_light(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        var tables = (Tables)table;
        var transmission = tables.Relief(kind, kind.Gradient).Transmission(Positions(tables.Table), 0.3);
        Assert.That(transmission.dtype, Is.EqualTo(ScalarType.ComplexFloat32));
        Assert.That(transmission.abs().max().item<float>(), Is.LessThan(1 + 1e-5));
    }

    /// <summary>To the bit along the chord; along the height the same height is turned into a phase in one step more.</summary>
    [TestCaseSource(nameof(Cases))]
    public void A_kind_that_is_hard_while_training_shows_training_what_is_printed(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        var tables = (Tables)table;
        var relief = tables.Relief(kind, kind.Gradient);
        var position = Positions(tables.Table);
        var soft = relief.Transmission(position, 0.4);
        var hard = relief.PrintedTransmission(position);
        if (!relief.Quantizer.IsHardWhileTraining)
            Assert.That(Tensors.SameBits(soft, hard), Is.False, "a kind that calls itself soft is");
        else if (kind.Gradient == GradientDomain.Transmission)
            Assert.That(Tensors.SameBits(soft, hard), Is.True);
        else
            Assert.That((soft - hard).abs().max().item<float>(), Is.LessThan(3e-7));
    }

    /// <summary>The gradient of a soft kind is that of its own forward value.</summary>
    [TestCaseSource(nameof(Cases))]
    public void The_gradient_of_a_soft_kind_matches_finite_differences(QuantizerKind kind, object table)
    {
        using var scope = NewDisposeScope();
        var tables = (Tables)table;
        var relief = tables.Relief(kind, kind.Gradient);
        if (relief.Quantizer.IsHardWhileTraining)
            return;
        var weight = Tensors.NormalField([6], 3);
        // inside the table, away from the kinks at the levels
        var position = tensor([0.3, 0.6, 0.85, 1.2, 1.45, 1.7]);
        Tensors.AssertGradientMatchesDifferences(
            x => (weight * relief.Transmission(x, 0.2)).real.sum(), position, step: 2e-3, tolerance: 2e-3);
    }

    /// <summary>Random positions in and beyond the table, and every level, every middle and every end.</summary>
    private static Tensor Positions(LevelTable table)
    {
        using var generator = new Generator(5);
        var random = rand(40, generator: generator) * (table.Count + 2) - 1;
        return cat([random, arange(-1, table.Count + 1, 0.5, dtype: ScalarType.Float32)]);
    }
}
