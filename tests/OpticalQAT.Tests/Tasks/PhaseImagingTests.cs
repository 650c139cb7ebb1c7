using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

public class PhaseImagingTests
{
    private static readonly OpticalSetting Setting = new()
    {
        Wavelength = new Length(1e-3),
        Grid = new Grid { Size = 20, PixelPitch = new Length(1e-3) },
    };

    [Test]
    public void A_white_pixel_has_the_largest_phase_and_the_light_stays_as_bright_everywhere()
    {
        using var scope = NewDisposeScope();
        using var task = Of(Kind with { PhaseMaximum = new Angle(2) });
        var field = task.Encode(White());
        Assert.That(Field.Intensity(field).sub(1).abs().max().item<float>(), Is.LessThan(1e-6));
        var phase = field.angle();
        Assert.That(phase[.., 4..16, 4..16].sub(2).abs().max().item<float>(), Is.LessThan(1e-6), "inside");
        Assert.That(phase.abs().sum().item<float>(), Is.EqualTo(2 * 144).Within(1e-3), "and none outside");
    }

    [Test]
    public void Around_an_aperture_it_is_dark()
    {
        using var scope = NewDisposeScope();
        using var task = Of(Kind with { Surround = Surround.Dark });
        Assert.That(Field.Intensity(task.Encode(White())).sum().item<float>(), Is.EqualTo(144).Within(1e-3));
    }

    /// <summary>Measured phases are taken in radians, amplitudes dim the light, and the target is the phase alone.</summary>
    [Test]
    public void Phases_and_amplitudes_are_taken_as_they_are()
    {
        using var scope = NewDisposeScope();
        using var task = Of(Kind with { PhaseMaximum = new Angle(4) });
        var examples = new Examples(full([1, 12, 12], 3f), zeros(1, ScalarType.Int64), full([1, 12, 12], 0.5f));
        var inside = task.Encode(examples)[0, 10, 10];
        Assert.That(inside.abs().item<float>(), Is.EqualTo(0.5).Within(1e-6));
        Assert.That(inside.angle().item<float>(), Is.EqualTo(3).Within(1e-6));
        Assert.That(task.Targets(examples).sub(0.75).abs().max().item<float>(), Is.LessThan(1e-6));
    }

    /// <summary>The read-out is scale · |u|² + bias, and a scale that is not learnt keeps its value whatever it is given and gets no gradient.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void A_scale_is_learnt_only_where_asked(bool learnt)
    {
        using var scope = NewDisposeScope();
        var kind = Kind with { Scale = 2, LearnScale = learnt };
        using var task = Of(kind);
        var output = full([1, 20, 20], 3f).to(ScalarType.ComplexFloat32);
        Assert.That(task.Image(output).sub(18).abs().max().item<float>(), Is.LessThan(1e-4));
        Assert.That(task.parameters().Count(parameter => parameter.requires_grad), Is.EqualTo(learnt ? 2 : 1));

        using var given = new PhaseImagingTask(kind, Setting.Grid, scale: 5, bias: 0.5);
        task.TakeOver(given);
        Assert.That(task.Image(output).sub(learnt ? 45.5 : 18.5).abs().max().item<float>(), Is.LessThan(1e-4));
    }

    /// <summary>Smaller examples are interpolated, larger ones averaged; both keep a flat image flat and the mean of a halved one.</summary>
    [TestCase(6)]
    [TestCase(24)]
    public void Examples_of_another_size_are_resampled(int pixels)
    {
        using var scope = NewDisposeScope();
        using var task = Of(Kind);
        var image = zeros([1, pixels, pixels], ScalarType.Byte);
        image.narrow(2, 0, pixels / 2).fill_(255);
        var target = task.Targets(new Examples(image, zeros(1, ScalarType.Int64)));
        Assert.That(target.shape, Is.EqualTo(new long[] { 1, 12, 12 }));
        Assert.That(target.mean().item<float>(), Is.EqualTo(0.5).Within(1e-6));
        Assert.That((target[0, 0, 0].item<float>(), target[0, 5, 11].item<float>()), Is.EqualTo((1f, 0f)));
    }

    [Test]
    public void The_image_is_the_scaled_intensity_of_the_window()
    {
        using var scope = NewDisposeScope();
        using var task = new PhaseImagingTask(Kind, Setting.Grid, scale: 3, bias: -0.5);
        var output = Tensors.NormalField([2, 20, 20], 1).to(ScalarType.ComplexFloat32);
        var expected = output[.., 4..16, 4..16].abs().square() * 3 - 0.5;
        Assert.That((task.Image(output) - expected).abs().max().item<float>(), Is.LessThan(1e-4));
    }

    [Test]
    public void Losses_add_up_with_their_weights()
    {
        using var scope = NewDisposeScope();
        var (output, target) = (Tensors.NormalField([2, 20, 20], 1).to(ScalarType.ComplexFloat32), Tensors.Normal([2, 12, 12], 2, ScalarType.Float32).abs());
        float Loss(params ImagingLossKind[] losses)
        {
            using var task = Of(Kind with { Loss = losses });
            return task.Loss(new(output, ones(2)), target).item<float>();
        }
        var sum = Loss(new L1Loss { Weight = 0.5 }, new SquaredLoss(), new SsimLoss { Weight = 2 });
        Assert.That(sum, Is.EqualTo(0.5 * Loss(new L1Loss()) + Loss(new SquaredLoss()) + 2 * Loss(new SsimLoss())).Within(1e-4));
    }

    /// <summary>An intensity that is the target but for scale and bias is read out without error once they are fitted.</summary>
    [Test]
    public void The_fitted_read_out_is_that_of_least_squares()
    {
        using var scope = NewDisposeScope();
        using var task = Of(Kind);
        var target = Tensors.Normal([4, 12, 12], 5, ScalarType.Float32).abs();
        var intensity = (target + 0.5) / 4;
        var output = zeros([4, 20, 20], ScalarType.ComplexFloat32);
        output[.., 4..16, 4..16] = intensity.sqrt().to(ScalarType.ComplexFloat32);
        using var fitted = (PhaseImagingTask)task.FittedTo([(new(output.narrow(0, 0, 3), ones(3)), target.narrow(0, 0, 3)), (new(output.narrow(0, 3, 1), ones(1)), target.narrow(0, 3, 1))]);
        Assert.That((fitted.Image(output) - target).abs().max().item<float>(), Is.LessThan(1e-4));
    }

    [Test]
    public void Perfect_images_have_perfect_metrics_and_a_known_error_is_measured()
    {
        using var scope = NewDisposeScope();
        using var task = new PhaseImagingTask(Kind, Setting.Grid, scale: 1, bias: 0.1);
        var target = Tensors.Normal([2, 12, 12], 5, ScalarType.Float32).abs();
        var output = zeros([2, 20, 20], ScalarType.ComplexFloat32);
        output[.., 4..16, 4..16] = target.sqrt().to(ScalarType.ComplexFloat32);
        using var measurement = task.Measure();
        measurement.Add(new(output.narrow(0, 0, 1), full(1, 100f)), target.narrow(0, 0, 1));
        measurement.Add(new(output.narrow(0, 1, 1), full(1, 100f)), target.narrow(0, 1, 1) + 0.1);
        var result = measurement.Result();
        Assert.That(measurement.Similarities()[1], Is.EqualTo(1).Within(1e-6));
        Assert.That(result["l1"], Is.EqualTo(0.05).Within(1e-6), "one image is 0.1 too bright, the other right");
        Assert.That(result["phase_error"], Is.EqualTo(0.05 * Math.PI).Within(1e-6));
        Assert.That(result["efficiency"], Is.EqualTo(target.sum().item<float>() / 200).Within(1e-4));
        Assert.That(result["ssim"], Is.EqualTo(measurement.Similarities().Average()).Within(1e-12));
    }

    [Test]
    public void A_read_out_is_taken_over()
    {
        using var scope = NewDisposeScope();
        using var source = new PhaseImagingTask(Kind, Setting.Grid, scale: 3, bias: -0.5);
        using var task = Of(Kind);
        task.TakeOver(source);
        var output = Tensors.NormalField([1, 20, 20], 1).to(ScalarType.ComplexFloat32);
        Assert.That(Tensors.SameBits(task.Image(output), source.Image(output)), Is.True);
    }

    [Test]
    public void Phases_beyond_the_maximum_are_refused()
    {
        using var task = Of(Kind);
        using var bright = new Examples(full([1, 12, 12], 3.2f), zeros(1, ScalarType.Int64));
        Assert.That(() => task.CheckFits(new Dataset(bright, bright, bright, [])), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "the training split has phases from 3.2 to 3.2 rad, but the task images 0 to 3.1416 rad; raise task.phase_maximum, or cut the phases with task.dataset.maximum and task.dataset.clip"));
    }

    [Test]
    public void What_does_not_fit_the_plane_is_found() =>
        Assert.That((Kind with { ObjectSamples = 21, Loss = Array.Empty<ImagingLossKind>() }).Examine(Setting).Select(f => f.Key), Is.EqualTo((string[])["task.object_samples", "task.loss"]));

    private static PhaseImaging Kind => new() { Dataset = new Cells(), ObjectSamples = 12 };

    private static PhaseImagingTask Of(PhaseImaging kind) => kind.Build(Setting);

    private static Examples White() => new(full([1, 12, 12], 255, ScalarType.Byte), zeros(1, ScalarType.Int64));
}
