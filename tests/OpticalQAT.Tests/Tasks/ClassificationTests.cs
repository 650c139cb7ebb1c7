using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

public class ClassificationTests
{
    private static readonly OpticalSetting Setting = new()
    {
        Wavelength = new Length(1e-3),
        Grid = new Grid { Size = 20, PixelPitch = new Length(1e-3) },
    };

    [Test]
    public void Powers_are_the_light_in_the_regions()
    {
        using var scope = NewDisposeScope();
        using var task = Of(regions: 3);
        var output = Tensors.NormalField([2, 20, 20], 1).to(ScalarType.ComplexFloat32);
        var powers = task.Powers(output);
        foreach (var (region, k) in task.Regions.Select((region, k) => (region, k)))
        {
            var inside = Field.Intensity(output)[1, region.Top..(region.Top + region.Height), region.Left..(region.Left + region.Width)];
            Assert.That(powers[1, k].item<float>(), Is.EqualTo(inside.sum().item<float>()).Within(1e-3));
        }
    }

    /// <summary>Scores are gain · power / total: with powers 1, 2, 1 and gain 4 they are 1, 2, 1.</summary>
    [Test]
    public void Scores_and_loss()
    {
        using var scope = NewDisposeScope();
        using var task = Of(regions: 3, gain: 4);
        var output = Light(task, 1, 2, 1);
        Assert.That(task.Scores(task.Detect(new(output, ones(1))))[0].data<float>().ToArray(), Is.EqualTo((double[])[1, 2, 1]).Within(1e-5));
        var expected = Math.Log(2 * Math.E + Math.E * Math.E) - 2;
        Assert.That(task.Loss(new(output, ones(1)), tensor([1L])).item<float>(), Is.EqualTo(expected).Within(1e-5));
    }

    /// <summary>Three examples, of which the second is taken for class 2: by hand.</summary>
    [Test]
    public void Metrics_by_hand()
    {
        using var scope = NewDisposeScope();
        using var task = Of(regions: 3, gain: 4);
        using var measurement = task.Measure();
        measurement.Add(new(cat([Light(task, 3, 1, 0), Light(task, 0, 1, 3)]), tensor([8f, 5])), tensor([0L, 1]));
        measurement.Add(new(Light(task, 1, 1, 6), tensor([16f])), tensor([2L]));
        var metrics = measurement.Result();

        Assert.That(metrics["accuracy"], Is.EqualTo(2.0 / 3).Within(1e-9));
        Assert.That(metrics["efficiency"], Is.EqualTo((4.0 / 8 + 4.0 / 5 + 8.0 / 16) / 3).Within(1e-6));
        Assert.That(metrics["contrast"], Is.EqualTo((2.0 / 4 + 2.0 / 4 + 5.0 / 7) / 3).Within(1e-6));
        Assert.That(measurement.Confusion(), Is.EqualTo(new long[,] { { 1, 0, 0 }, { 0, 0, 1 }, { 0, 0, 1 } }));
        Assert.That(measurement.Shown()[2, 2], Is.EqualTo(0.75).Within(1e-6));
    }

    /// <summary>The loss of a measurement is the mean over all examples, however they were batched.</summary>
    [Test]
    public void The_measured_loss_is_the_mean_of_the_examples()
    {
        using var scope = NewDisposeScope();
        using var task = Of(regions: 3);
        var output = Tensors.NormalField([5, 20, 20], 1).to(ScalarType.ComplexFloat32);
        var targets = tensor([0L, 1, 2, 1, 0]);
        using var measurement = task.Measure();
        measurement.Add(new(output.narrow(0, 0, 3), ones(3)), targets.narrow(0, 0, 3));
        measurement.Add(new(output.narrow(0, 3, 2), ones(2)), targets.narrow(0, 3, 2));
        Assert.That(measurement.Result()["loss"], Is.EqualTo(task.Loss(new(output, ones(5)), targets).item<float>()).Within(1e-4));
    }

    [Test]
    public void A_dataset_of_another_number_of_classes_is_refused()
    {
        using var task = Of(regions: 3);
        using var none = zeros(0, dtype: ScalarType.Byte);
        var data = new Dataset(new Examples(none, none), new Examples(none, none), new Examples(none, none), ["a", "b"]);
        Assert.That(() => task.CheckFits(data), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "the dataset has 2 classes, the detector 3; set task.detector.regions=2"));
    }

    [Test]
    public void Phases_and_examples_without_classes_are_refused()
    {
        using var task = Of(regions: 3);
        using var none = zeros(0, dtype: ScalarType.Byte);
        using var phase = zeros(0);
        Dataset Data(Tensor images) => new(new Examples(images, none), new Examples(images, none), new Examples(images, none), []);
        Assert.That(() => task.CheckFits(Data(phase)), Throws.TypeOf<DataException>().With.Message.Contains("phases in radians"));
        Assert.That(() => task.CheckFits(Data(none)), Throws.TypeOf<DataException>().With.Message.Contains("no classes"));
    }

    [Test]
    public void What_does_not_fit_the_plane_is_found()
    {
        var kind = Kind(3, 10) with { Encoding = new AmplitudeEncoding { Size = new Length(30e-3) }, Detector = new GridDetector { Regions = 900 } };
        Assert.That(kind.Examine(Setting).Select(f => (f.IsError, f.Key, f.Message)), Is.EqualTo(new[]
        {
            (true, "task.encoding.size", "the object is 30 samples wide, the plane 20; choose a size of at most 20 mm"),
            (true, "task.detector", "900 regions in 20 samples leave less than one sample for each; a larger grid, extent or fill gives them room"),
        }));
    }

    private static Classification Kind(int regions, double gain) =>
        new() { Dataset = new Glyphs(), Detector = new GridDetector { Regions = regions, Gain = gain } };

    private static ClassificationTask Of(int regions, double gain = 10) => Kind(regions, gain).Build(Setting);

    /// <summary>A field with those powers in the regions, [1, 20, 20].</summary>
    private static Tensor Light(ClassificationTask task, params double[] powers)
    {
        var amplitude = zeros(1, 20, 20);
        foreach (var (region, k) in task.Regions.Select((region, k) => (region, k)))
            amplitude[0, region.Top, region.Left] = tensor((float)Math.Sqrt(powers[k]));
        return complex(amplitude, zeros_like(amplitude));
    }
}
