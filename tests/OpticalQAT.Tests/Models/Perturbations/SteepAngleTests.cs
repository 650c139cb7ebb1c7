using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models.Perturbations;

/// <summary>The largest angle that samples carry: there the phase grows by half a turn from sample to sample, beyond it nobody can tell it from a smaller one.</summary>
public class SteepAngleTests
{
    private const int N = 8;

    private static readonly OpticalSetting Setting = new()
    {
        Wavelength = new Length(532e-9),
        MediumIndex = 1.33,
        Grid = new Grid { Size = N, PixelPitch = new Length(8e-6) },
    };

    [Test]
    public void Every_error_with_an_angle_knows_the_largest()
    {
        var material = new Material(1.7, 0, Setting.Wave);
        var withAngles = Kinds.Of<PerturbationKind>().Where(error => error.GetType().GetProperties().Any(property => property.PropertyType == typeof(Angle))).ToArray();

        Assert.That(withAngles, Is.Not.Empty);
        Assert.That(withAngles.Where(error => error.Steepest(Setting, material) is null), Is.Empty);
    }

    [Test]
    public void At_the_largest_tilt_of_light_neighbouring_samples_are_opposite()
    {
        using var scope = NewDisposeScope();
        var largest = SteepAngle.OfLight("tilt", new Angle(0.1), ErrorDistribution.Fixed, Setting).Largest!.Value.Radians;
        var errors = new InputErrors();
        errors.Tilt(Math.Sin(largest), 0);

        var field = errors.Apply(ones([1, N, N], ScalarType.ComplexFloat64), Setting.Grid, [Setting.Wave.Cutoff]);

        AssertOpposite(field[0, 0]);
    }

    [Test]
    public void At_the_largest_wedge_neighbouring_samples_are_opposite()
    {
        using var scope = NewDisposeScope();
        var material = new Material(1.7, 0, Setting.Wave);
        var largest = SteepAngle.OfWedge("amount", new Angle(0.1), ErrorDistribution.Fixed, Setting, material).Largest!.Value.Radians;
        using var errors = new MaskErrors(1, N, new MaskFrame(1, 0, MaskSurround.Opaque), Setting.Grid.PixelPitch.Metres);
        errors.Slope(0, Math.Tan(largest), 0);

        var transmissions = errors.Apply(ones([1, N, N], ScalarType.ComplexFloat64), null, material);

        AssertOpposite(transmissions[0, 0]);
    }

    [Test]
    public void Samples_finer_than_half_a_wave_carry_every_tilt() =>
        Assert.That(SteepAngle.OfLight("tilt", new Angle(0.7), ErrorDistribution.Fixed, Setting with { Grid = Setting.Grid with { PixelPitch = new Length(0.15e-6) } }).Warning(1), Is.Null);

    /// <summary>The strength that a schedule comes to counts, and so does that of a sweep.</summary>
    [Test]
    public void The_strength_counts()
    {
        var angle = SteepAngle.OfLight("tilt", new Angle(20e-3), ErrorDistribution.Fixed, Setting);
        Assert.That((angle.Warning(1), angle.Warning(2)), Is.EqualTo(((string?)null,
            "an angle of 40 mrad is steeper than samples of 8 um carry: they carry at most 25 mrad, and a steeper beam wraps round and leaves at another angle. Remedy: at most 12.5 mrad here, or a finer optics.grid.pixel_pitch.")));

        var errors = new PerturbationOptions { Errors = [new InputMisalignment { Distribution = ErrorDistribution.Fixed, Tilt = new Angle(20e-3), Schedule = new OpticalQAT.Schedules.Linear { From = 0, To = 2 } }] };
        Assert.That(errors.ExamineAngles(Setting, new Material(1.7, 0, Setting.Wave)).Single().Key, Is.EqualTo("perturbation.errors.0.tilt"));
    }

    private static void AssertOpposite(Tensor row)
    {
        using var difference = row.narrow(0, 1, N - 1) + row.narrow(0, 0, N - 1);
        Assert.That(difference.abs().max().ToDouble(), Is.LessThan(1e-9));
    }
}
