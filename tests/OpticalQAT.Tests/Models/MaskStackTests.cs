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
}
