using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of masks of every modulation in full precision.</summary>
[TestFixtureSource(nameof(All))]
public sealed class ModulationLaws(ModulationKind modulation)
{
    private static readonly Wave Light = new(new Length(0.75e-3), 1.2);

    private static IEnumerable<TestFixtureData> All => Kinds.Of<ModulationKind>().Select(kind => new TestFixtureData(kind).SetArgDisplayNames(KindNames.Of(kind)));

    private MaskOptions Options => new() { Modulation = modulation, MaterialIndex = modulation.HasMaterial ? 1.7 : null };

    private Relief Make => modulation.Continuous(modulation.Material(Options, Light), bounds: null);

    [Test]
    public void A_mask_gives_no_light_and_keeps_its_positions_where_they_mean_something()
    {
        using var scope = NewDisposeScope();
        var positions = Tensors.Normal([3, .. modulation.PositionShape(5)], 4, ScalarType.Float32) * 10;
        Assert.That(Make.Transmission(positions).abs().max().item<float>(), Is.LessThan(1 + 1e-6));
        var before = Make.Transmission(positions);
        Make.Confine(positions);
        Assert.That((Make.Transmission(positions) - before).abs().max().item<float>(), Is.LessThan(1e-5), "to confine is not to change the light");
        Assert.That(Tensors.SameBits(view_as_real(Make.PrintedTransmission(positions)), view_as_real(Make.Transmission(positions))), Is.True, "any position can be printed");
    }

    [Test]
    public void The_gradient_matches_finite_differences()
    {
        using var scope = NewDisposeScope();
        var shape = modulation.PositionShape(3);
        var start = Tensors.Normal([2, .. shape], 4).abs() * 0.2 + 0.3;
        var weight = Tensors.NormalField([2, 3, 3], 5);
        Tensors.AssertGradientMatchesDifferences(x => (weight * Make.Transmission(x)).real.sum(), start, step: 1e-4, tolerance: 1e-6);
    }

    [Test]
    public void A_flat_start_is_the_same_everywhere_and_lets_all_light_through()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var start = (Options with { Initial = InitialRelief.Flat }).Start(4, generator);
        Assert.That(start.shape, Is.EqualTo(modulation.PositionShape(4)));
        Assert.That((Make.Transmission(start.unsqueeze(0)) - 1).abs().max().item<float>(), Is.LessThan(1e-6));
    }

    /// <summary>A height of one wave delays by a wave, and light cannot tell it from none.</summary>
    [Test]
    public void One_wave_of_height_is_one_wave_of_light()
    {
        var material = modulation.Material(Options, Light);
        Assert.That((material.Transmission(material.OneWave.Metres) - 1).Magnitude, Is.LessThan(1e-9));
        if (!modulation.HasMaterial)
            Assert.That(material.OneWave.Metres, Is.EqualTo(0.75e-3).Within(1e-12), "an optical path of one wavelength");
    }

    /// <summary>By its name alone, in whichever form it is read.</summary>
    [Test]
    public void It_is_written_by_its_name_and_read_in_both_forms()
    {
        var name = KindNames.Of(modulation);
        var material = modulation.HasMaterial ? ", material_index: 1.7" : "";
        foreach (var text in new[] { name, $"{{ kind: {name} }}" })
        {
            var mask = ((DiffractiveNetworkKind)SmallExperiment.With("quantizer={ kind: none }", $"model.mask={{ modulation: {text}{material} }}").Model).Mask;
            Assert.That(mask.Modulation, Is.EqualTo(modulation));
            Assert.That(ConfigurationWriter.Write(mask, portable: true), Does.StartWith($"modulation: {name}\n"));
        }
    }
}
