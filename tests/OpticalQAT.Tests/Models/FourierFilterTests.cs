using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

/// <summary>A filter of 24×24 samples (12 padded twice), 2 samples a printed pixel, in the light of <see cref="SmallExperiment"/>.</summary>
public class FourierFilterTests
{
    private const string Flat = "model={ kind: fourier_filter, focal_length: 10 mm, mask: { modulation: phase, oversampling: 2, initial: flat } }";

    /// <summary>Frequencies up to the corners of the plane pass an aperture that is wider than its diagonal: the image is the object.</summary>
    [Test]
    public void Without_aperture_and_mask_the_image_is_the_object()
    {
        using var scope = NewDisposeScope();
        using var mask = new MaskStack(new ContinuousRelief(new Material(2, 0, Optics.Wave), null), zeros(1, 12, 12), new MaskFrame(2));
        using var filter = new FourierFilter(Optics.BuildPropagator(), new Length(0.01), radius: 100, mask);
        var input = Input();
        Assert.That(Tensors.RelativeError(filter.forward(input), input), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(filter.WithoutMasks(input), input), Is.LessThan(1e-6));
    }

    /// <summary>The pupil as seen at the filter holds the power that entered, and inside the aperture only.</summary>
    [Test]
    public void At_the_mask_light_stands_by_its_frequency()
    {
        using var scope = NewDisposeScope();
        using var network = Build(Flat);
        var grating = polar(ones(12, 12), arange(12, ScalarType.Float32) * (2 * Math.PI / 6)).unsqueeze(0);
        var power = Field.Intensity(network.Planes(grating)[0]);
        Assert.That(power.shape, Is.EqualTo(new long[] { 1, 24, 24 }));
        Assert.That(power.flatten().argmax().item<long>(), Is.EqualTo(12 * 24 + 12 + 4), "1 cycle in 6 samples is 4 in the 24 of the padded plane");
        Assert.That(power.sum().item<float>(), Is.InRange(0.9 * 144, 144 * 1.00001), "the rest are corners of the plane outside the circle");
    }

    /// <summary>A grating finer than the aperture does not pass; the light that is left has lost all its power but the spill of the plane's edges.</summary>
    [TestCase("1.3 mm", false)]
    [TestCase("8 mm", true)]
    public void The_aperture_stops_fine_gratings(string aperture, bool passes)
    {
        using var scope = NewDisposeScope();
        // λ·f = 7.5 mm²: the order of a grating of period 4.5 mm lies 1.7 mm from the axis, and is 0.8 mm wide to either side.
        using var network = Build(Flat, $"model.aperture={aperture}");
        var grating = polar(ones(12, 12), arange(12, ScalarType.Float32) * (2 * Math.PI / 6)).unsqueeze(0);
        var share = Field.Intensity(network.forward(grating)).sum().item<float>() / 144;
        Assert.That(share, passes ? Is.GreaterThan(0.75) : Is.LessThan(0.1));
    }

    /// <summary>Of a point, which sends the same light to every sample of the filter plane, those within the diameter pass.</summary>
    [TestCase(2.6)]
    [TestCase(5.1)]
    public void The_aperture_is_as_wide_as_its_key_says(double millimetres)
    {
        using var scope = NewDisposeScope();
        using var network = Build(Flat.Replace("oversampling: 2, ", "", StringComparison.Ordinal), "optics.grid.padding=1", FormattableString.Invariant($"model.aperture={millimetres} mm"));
        var point = zeros([1, 12, 12], ScalarType.ComplexFloat32);
        point[0, 4, 7] = tensor(1f).to(ScalarType.ComplexFloat32);
        // λ·f/(M·Δ) from sample to sample
        var pitch = 0.75 * 10 / (12 * 0.75);
        var open = Enumerable.Range(-6, 12).Sum(y => Enumerable.Range(-6, 12).Count(x => Math.Sqrt(x * x + y * y) * pitch <= millimetres / 2));
        Assert.That(Field.Intensity(network.forward(point)).sum().item<float>(), Is.EqualTo(open / 144.0).Within(1e-5));
    }

    /// <summary>Zernike's phase contrast: a quarter wave on the zero frequency alone turns a weak phase φ into the intensity 1 + 2φ.</summary>
    [TestCase(12)]
    [TestCase(13)]
    public void A_quarter_wave_at_the_centre_shows_phases_as_intensities(int size)
    {
        using var scope = NewDisposeScope();
        var setting = Optics with { Grid = Optics.Grid with { Size = size, Padding = 1 } };
        var position = zeros(size, size);
        position[size / 2, size / 2] = (float)(Math.PI / 2);
        using var mask = new MaskStack(new ContinuousRelief(new Material(2, 0, setting.Wave), null), position.unsqueeze(0), new MaskFrame(1));
        using var filter = new FourierFilter(setting.BuildPropagator(), new Length(0.01), radius: 100, mask);
        var phase = Tensors.Normal([1, size, size], 3, ScalarType.Float32) * 0.01;
        phase -= phase.mean();
        var intensity = Field.Intensity(filter.forward(polar(ones_like(phase), phase)));
        Assert.That((intensity - 1 - 2 * phase).abs().max().item<float>(), Is.LessThan(0.003));
    }

    [Test]
    public void The_filter_learns_and_its_levels_are_levels()
    {
        using var scope = NewDisposeScope();
        using var network = Build(Flat.Replace("flat", "uniform", StringComparison.Ordinal));
        network.train();
        Field.Intensity(network.FromFirstMask(network.ToFirstMask(Input()))).square().sum().backward();
        Assert.That(network.Masks.Position.grad![0].abs().max().item<float>(), Is.GreaterThan(0));

        var experiment = SmallExperiment.With(Flat);
        using var quantized = experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, Tensors.Normal([1, 12, 12], 1, ScalarType.Float32) + 1.5);
        quantized.eval();
        var quarters = quantized.Masks.Heights()[0] / experiment.Optics.Wavelength.Metres * 4;
        Assert.That((quarters - quarters.round()).abs().max().item<double>(), Is.LessThan(1e-12), "four levels of optical path in a wavelength");
    }

    [Test]
    public void The_printed_pitch_follows_from_the_focal_length()
    {
        var experiment = SmallExperiment.With(Flat);
        var expected = 2 * 0.75e-3 * 0.01 / (24 * 0.75e-3);
        Assert.That(experiment.Model.PrintedPitch(experiment.Optics).Metres, Is.EqualTo(expected).Within(1e-12));
        Assert.That(experiment.Model.PrintedPixels(experiment.Optics), Is.EqualTo(12));
    }

    [Test]
    public void What_does_not_fit_is_found()
    {
        var experiment = SmallExperiment.With(Flat, "model.aperture=11 mm", "model.mask.oversampling=5");
        Assert.That(experiment.Examine().Where(f => f.IsError).Select(f => f.Key), Is.EqualTo((string[])["model.mask.oversampling", "model.aperture"]));
    }

    [Test]
    public void Errors_of_free_space_are_refused() =>
        Assert.That(SmallExperiment.With(Flat, "perturbation.errors=[{ kind: wavelength_drift, amount: 0.01 }]").Examine().Where(f => f.IsError).Select(f => f.Key), Is.EqualTo((string[])["perturbation.errors.0.kind"]));

    private static OpticalSetting Optics => SmallExperiment.With().Optics;

    private static Tensor Input() => Tensors.NormalField([2, 12, 12], 9).to(ScalarType.ComplexFloat32);

    private static OpticalModel Build(params string[] overrides)
    {
        var experiment = SmallExperiment.With(overrides);
        using var generator = new Generator(4);
        return experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
    }
}
