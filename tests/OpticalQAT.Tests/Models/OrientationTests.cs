using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

/// <summary>Which way round everything stands: what docs/files.md says under this name.</summary>
public sealed class OrientationTests
{
    private const string Filter = "model={ kind: fourier_filter, focal_length: 10 mm, mask: { modulation: phase, initial: flat } }";

    /// <summary>A picture with one bright spot, at the top and to the right: through free space and a flat mask, and through the two lenses.</summary>
    [TestCase("model={ kind: diffractive_network, layers: 1, spacing: { input: 0.75 mm, between: 1 mm, output: 0.75 mm }, mask: { material_index: 1.7227, initial: flat } }")]
    [TestCase(Filter)]
    public void The_top_right_of_a_picture_comes_out_at_the_top_right(string model)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With(model);
        using var network = Build(experiment);
        var images = zeros([1, 12, 12], ScalarType.Byte);
        images[0, 1..4, 8..11] = 100;
        images[0, 2, 9] = 255;
        var input = experiment.Task.Build(experiment.Optics).Encode(new Examples(images, zeros([1], ScalarType.Int64)));
        Assert.That(Brightest(input), Is.EqualTo((2, 9)), "row 0 of a picture is row 0 of the plane");
        Assert.That(Brightest(network.forward(input)), Is.EqualTo((2, 9)));
    }

    /// <summary>Two lenses on the bench are two Fourier transforms one after the other, and turn the image by half a turn.</summary>
    [Test]
    public void What_lenses_turn_over_the_filter_takes_upright()
    {
        using var scope = NewDisposeScope();
        using var network = Build(SmallExperiment.With(Filter, "optics.grid.padding=1"));
        var input = Tensors.NormalField([1, 12, 12], 5).to(ScalarType.ComplexFloat32);
        // The circular aperture takes the corners of the spectrum, so the images are alike, not equal.
        var image = network.forward(input);
        var turned = fft.fft2(fft.fft2(input)) / 144;
        var back = (12 - arange(12, ScalarType.Int64)) % 12;
        var upright = turned.index_select(-2, back).index_select(-1, back);
        Assert.That(Likeness(image, upright), Is.GreaterThan(0.7));
        Assert.That(Likeness(image, turned), Is.LessThan(0.3));
        Assert.That(Tensors.RelativeError(upright, input), Is.LessThan(1e-5));
    }

    [Test]
    public void Frequencies_grow_to_the_right_and_down_in_the_filters_array()
    {
        using var scope = NewDisposeScope();
        using var network = Build(SmallExperiment.With(Filter, "optics.grid.padding=1"));
        var right = polar(ones(12, 12), arange(12, ScalarType.Float32) * (2 * Math.PI / 6)).unsqueeze(0);
        Assert.That(Brightest(network.Planes(right)[0]), Is.EqualTo((6, 8)));
        Assert.That(Brightest(network.Planes(right.transpose(-2, -1).contiguous())[0]), Is.EqualTo((8, 6)));
    }

    [Test]
    public void A_processor_that_is_mirrored_throughout_is_the_same_and_with_mirrored_masks_alone_another()
    {
        using var scope = NewDisposeScope();
        using var network = Build(SmallExperiment.With());
        var input = Tensors.NormalField([1, 12, 12], 5).to(ScalarType.ComplexFloat32);
        var output = network.forward(input);
        using (no_grad())
            network.Masks.Position.copy_(network.Masks.Position.flip(-1).clone());
        Assert.That(Tensors.RelativeError(network.forward(input.flip(-1)).flip(-1), output), Is.LessThan(1e-5));
        Assert.That(Likeness(network.forward(input), output), Is.LessThan(0.9));
    }

    /// <summary>Nothing but the height of a pixel counts, and it stands where its element stands in the array.</summary>
    [Test]
    public void A_taller_pixel_is_later_and_stands_where_its_element_stands()
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With("model.mask={ material_index: 1.5, extinction: 0, size: 6 mm, oversampling: 2, outside: transparent, initial: flat }");
        using var network = Build(experiment);
        var masks = network.Masks;
        var before = masks.Surface().Transmissions;
        using (no_grad())
            masks.Position[0, 0, 3] += 0.5f;
        var (height, phase) = (masks.Heights()[0, 0, 3].item<double>() - masks.Heights()[0, 0, 0].item<double>(), (masks.Surface().Transmissions / before).angle()[0]);
        Assert.That(height, Is.EqualTo(0.5 / (2 * Math.PI) * 0.75e-3 / 0.5).Within(1e-9), "half a radian: h = φ·λ/(2π(n-1))");
        // 4 × 4 printed pixels of 2 samples in the middle of 12: the top right one is rows 2 to 3, columns 8 to 9.
        Assert.That(phase[2..4, 8..10].data<float>().ToArray(), Is.All.EqualTo(0.5f).Within(1e-5));
        Assert.That(phase.abs().sum().item<float>(), Is.EqualTo(4 * 0.5f).Within(1e-3));
    }

    [Test]
    public void Classes_stand_row_by_row_and_an_object_moves_right_by_x_and_down_by_y()
    {
        var experiment = SmallExperiment.With("task.encoding={ kind: amplitude, size: 3 mm, position: { x: 1.5 mm, y: -0.75 mm } }");
        var regions = ((Classification)experiment.Task).Detector.Layout(experiment.Optics.Grid);
        Assert.That(regions.Select(region => region.Class), Is.EqualTo(regions.OrderBy(region => region.Top).ThenBy(region => region.Left).Select(region => region.Class)));
        var place = ((Classification)experiment.Task).Encoding.ObjectPlace(experiment.Optics.Grid);
        Assert.That((place.Left, place.Top), Is.EqualTo((4 + 2, 4 - 1)));
    }

    private static OpticalModel Build(Experiment experiment)
    {
        using var generator = new Generator(4);
        var network = experiment.Model.Build(experiment.Optics, null, generator);
        network.eval();
        return network;
    }

    private static (long Row, long Column) Brightest(Tensor field)
    {
        var at = Field.Intensity(field).flatten().argmax().item<long>();
        return (at / field.shape[^1], at % field.shape[^1]);
    }

    /// <summary>|⟨a, b⟩|² as a share of |a|²·|b|².</summary>
    private static double Likeness(Tensor a, Tensor b) =>
        Math.Pow((a * b.conj()).sum().abs().item<float>(), 2) / (Field.Intensity(a).sum().item<float>() * (double)Field.Intensity(b).sum().item<float>());
}
