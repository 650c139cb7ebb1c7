using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

/// <summary>The metrics of images whose errors are known.</summary>
public class ImagingMeasurementTests
{
    private static readonly Grid Grid = new() { Size = 20, PixelPitch = new Length(1e-3) };
    private static readonly PhaseImaging Kind = new() { Dataset = new Cells(), ObjectSamples = 12, PhaseMaximum = new Angle(4), Loss = new ImagingLossKind[] { new L1Loss() } };

    /// <summary>Three images that are 0.1, 0.2 and 0.3 too bright, in batches of two and one: every metric is the mean over the images.</summary>
    [Test]
    public void Metrics_are_means_over_the_images_whatever_the_batches()
    {
        using var scope = NewDisposeScope();
        using var task = new PhaseImagingTask(Kind, Grid, scale: 1);
        double[] errors = [0.1, 0.2, 0.3];
        var output = zeros([3, 20, 20], ScalarType.ComplexFloat32);
        output[.., 4..16, 4..16] = (tensor(errors).view(3, 1, 1) + 0.5).sqrt().expand(3, 12, 12).to(ScalarType.ComplexFloat32);
        using var measurement = task.Measure();
        measurement.Add(new(output.narrow(0, 0, 2), ones(2)), full([2, 12, 12], 0.5f));
        measurement.Add(new(output.narrow(0, 2, 1), ones(1)), full([1, 12, 12], 0.5f));

        var metrics = measurement.Result();

        Assert.Multiple(() =>
        {
            Assert.That(metrics["l1"], Is.EqualTo(0.2).Within(1e-6));
            Assert.That(metrics["loss"], Is.EqualTo(0.2).Within(1e-6));
            Assert.That(metrics["phase_error"], Is.EqualTo(0.2 * 4).Within(1e-5), "in radians, of the largest phase");
            Assert.That(metrics["psnr"], Is.EqualTo(errors.Average(error => -20 * Math.Log10(error))).Within(1e-4), "the mean of decibels, not the decibels of the mean");
        });
    }

    /// <summary>A larger example is averaged over areas: what lies between the samples' middles counts as well.</summary>
    [Test]
    public void Of_a_larger_example_every_pixel_counts()
    {
        using var scope = NewDisposeScope();
        using var task = new PhaseImagingTask(Kind, Grid);
        var image = zeros([1, 36, 36], ScalarType.Byte);
        image[0, 3, 5] = 90; // a corner of the nine pixels that become one
        var target = task.Targets(new Examples(image, zeros(1, ScalarType.Int64)));
        Assert.That(target[0, 1, 1].item<float>(), Is.EqualTo(10 / 255.0).Within(1e-6));
        Assert.That(target.sum().item<float>(), Is.EqualTo(10 / 255.0).Within(1e-6));
    }
}
