using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

public class MaskStackTests
{
    [Test]
    public void A_printed_pixel_covers_as_many_samples_as_oversampling_says()
    {
        using var scope = NewDisposeScope();
        var relief = Tables.Cyclic(4).Relief(new StraightThrough(), GradientDomain.Transmission);
        var position = tensor(new[,] { { 0f, 1 }, { 2, 3 } });
        using var mask = new OneMask(relief, position, new MaskFrame(3));
        var (coarse, fine) = (relief.PrintedTransmission(position.unsqueeze(0))[0], mask.Transmission());
        Assert.That(fine.shape, Is.EqualTo(new long[] { 6, 6 }));
        for (var sample = 0; sample < 36; sample++)
            Assert.That(Tensors.SameBits(fine[sample / 6, sample % 6], coarse[sample / 18, sample % 6 / 3]), Is.True);
    }

    /// <summary>Two by two pixels of two samples in a plane of eight: two samples are left on each side.</summary>
    [TestCase(MaskSurround.Opaque, 0)]
    [TestCase(MaskSurround.Transparent, 1)]
    public void A_mask_smaller_than_its_plane_has_a_margin(MaskSurround surround, float outside)
    {
        using var scope = NewDisposeScope();
        var relief = Tables.Cyclic(4).Relief(new StraightThrough(), GradientDomain.Transmission);
        var position = tensor(new[,] { { 0f, 1 }, { 2, 3 } });
        using var mask = new OneMask(relief, position, new MaskFrame(Oversampling: 2, Margin: 2, surround));
        using var filling = new OneMask(relief, position, new MaskFrame(2));

        var plane = mask.Transmission();
        Assert.That(plane.shape, Is.EqualTo(new long[] { 8, 8 }));
        Assert.That(Tensors.SameBits(plane[2..6, 2..6], filling.Transmission()), Is.True, "inside");
        var around = plane.clone();
        around[2..6, 2..6] = outside;
        Assert.That((around - outside).abs().max().item<float>(), Is.Zero, "outside");
        using var two = new MaskStack(relief, stack([position, position]), new MaskFrame(Oversampling: 2, Margin: 2, surround));
        Assert.That(Tensors.SameBits(two.Surface().Transmissions[1], plane), Is.True, "several at once");
        plane.real.sum().backward();
        Assert.That(mask.Position.grad!.abs().sum().item<float>(), Is.GreaterThan(0.1), "the light's gradient reaches the pixels");
    }

    [Test]
    public void Outside_the_printed_area_there_is_no_height()
    {
        using var scope = NewDisposeScope();
        var heights = new MaskFrame(Oversampling: 1, Margin: 1).PlaceHeights(full(2, 2, 3, dtype: ScalarType.Float64));
        Assert.That(heights.shape, Is.EqualTo(new long[] { 4, 4 }));
        Assert.That(heights.sum().item<double>(), Is.EqualTo(12));
    }

    /// <summary>Four levels of one wave: 1, i, -1, -i.</summary>
    [Test]
    public void The_transmission_of_each_level()
    {
        using var scope = NewDisposeScope();
        using var mask = new OneMask(Tables.Cyclic(4).Relief(new StraightThrough(), GradientDomain.Height), tensor(new[,] { { 0f, 1.2f }, { 1.8f, 2.7f } }));
        mask.Stack.eval();
        var t = view_as_real(mask.Transmission()).flatten().data<float>().ToArray();
        Assert.That(t, Is.EqualTo((float[])[1, 0, 0, 1, -1, 0, 0, -1]).Within(1e-6));
        Assert.That(mask.Levels().flatten().data<long>().ToArray(), Is.EqualTo((long[])[0, 1, 2, 3]));
    }

    [Test]
    public void It_keeps_a_copy_of_the_positions()
    {
        using var scope = NewDisposeScope();
        var position = zeros(2, 2);
        using var mask = new OneMask(Tables.Cyclic(4).Relief(new StraightThrough(), GradientDomain.Height), position);
        position.add_(1);
        Assert.That(mask.Position.sum().item<float>(), Is.Zero);
    }

    /// <summary>Layers 1 and 3 have one table, layer 2 another: two groups, whose masks stand in layer order all the same.</summary>
    [Test]
    public void Masks_of_several_makes_are_what_each_is_alone_and_stand_in_layer_order([Values(false, true)] bool evaluation)
    {
        using var scope = NewDisposeScope();
        var (four, eight) = (Tables.Cyclic(4), Tables.Cyclic(8));
        Tables[] tables = [four, eight, four];
        var positions = Tensors.Normal([3, 5, 5], 3, ScalarType.Float32) * 2;
        var weight = Tensors.NormalField([3, 5, 5], 4).to(ScalarType.ComplexFloat32);
        using var masks = MaskStack.Quantized(four.Material, [.. tables.Select(each => each.Table)], new ProgressiveSigmoid(), positions, new MaskFrame(1));
        Assert.That(masks.Groups.Select(group => group.Layers), Is.EqualTo((int[][])[[0, 2], [1]]));
        masks.Advance(0.4);
        masks.train(!evaluation);
        var surface = masks.Surface(withHeights: true);
        if (!evaluation)
            (weight * surface.Transmissions).real.sum().backward();
        for (var layer = 0; layer < 3; layer++)
        {
            using var alone = new OneMask(tables[layer].Relief(new ProgressiveSigmoid(), GradientDomain.Transmission, positions[layer]), positions[layer]);
            alone.Advance(0.4);
            alone.Stack.train(!evaluation);
            var t = alone.Transmission();
            Assert.That((surface.Transmissions[layer] - t).abs().max().item<float>(), Is.LessThan(1e-6), $"layer {layer + 1}");
            Assert.That(Tensors.SameBits(masks.Heights()[layer], alone.Heights()), Is.True);
            Assert.That(Tensors.SameBits(masks.Levels()![layer], alone.Levels()), Is.True);
            if (evaluation)
            {
                Assert.That(Tensors.SameBits(surface.Heights![layer], alone.Heights()), Is.True);
                continue;
            }
            (weight[layer] * t).real.sum().backward();
            Assert.That((masks.Position.grad![layer] - alone.Position.grad![0]).abs().max().item<float>(), Is.LessThan(1e-5));
        }
    }

    /// <summary>Tables of one description are built for each layer anew; what they say counts, and not which object says it.</summary>
    [Test]
    public void Masks_of_equal_tables_are_of_like_make()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (Tables.Cyclic(4), Tables.Cyclic(4));
        Assert.That(ReferenceEquals(one.Table, other.Table), Is.False);
        using var masks = MaskStack.Quantized(one.Material, [one.Table, other.Table], new StraightThrough(), zeros(2, 3, 3), new MaskFrame(1));
        Assert.That(masks.Groups, Has.Count.EqualTo(1));
    }

    /// <summary>Weight decay would move what has no gradient, and momentum what had one.</summary>
    [Test]
    public void A_frozen_layer_stays_whatever_the_optimizer_does()
    {
        using var scope = NewDisposeScope();
        var tables = Tables.Cyclic(4);
        var positions = Tensors.Normal([3, 4, 4], 5, ScalarType.Float32) + 2;
        using var masks = MaskStack.Quantized(tables.Material, [.. Enumerable.Repeat(tables.Table, 3)], new LearnedLevels { MinimumSpacing = new(1e-6), Rate = 1 }, positions, new MaskFrame(1), 1);
        var optimizer = optim.AdamW(masks.parameters().Where(parameter => parameter.requires_grad), 0.1, weight_decay: 1);
        for (var step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            masks.Surface().Transmissions.real.sum().backward();
            Assert.That(masks.Position.grad![1].abs().max().item<float>(), Is.Zero);
            masks.Update(() => optimizer.step());
        }
        Assert.That(Tensors.SameBits(masks.Position[1], positions[1]), Is.True);
        Assert.That(masks.Tables![1], Is.EqualTo(tables.Table), "its levels stay too");
        Assert.That(masks.Tables![0], Is.Not.EqualTo(tables.Table));
        Assert.That((masks.Position[0] - positions[0]).abs().max().item<float>(), Is.GreaterThan(0.1));
    }
}
