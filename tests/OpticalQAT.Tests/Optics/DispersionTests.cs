using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Optics;

public class DispersionTests
{
    private static readonly SellmeierDispersion FusedSilica = new()
    {
        // Malitson, J. Opt. Soc. Am. 55, 1205 (1965); the indices below are those of his table, measured to 1e-5.
        Terms =
        [
            new() { Strength = 0.6961663, Resonance = new Length(0.0684043e-6) },
            new() { Strength = 0.4079426, Resonance = new Length(0.1162414e-6) },
            new() { Strength = 0.8974794, Resonance = new Length(9.896161e-6) },
        ],
    };

    private static readonly TabulatedDispersion Table = new()
    {
        Values =
        [
            new() { Wavelength = new Length(400e-9), Index = 1.6, Extinction = 0.02 },
            new() { Wavelength = new Length(500e-9), Index = 1.5, Extinction = 0.01 },
            new() { Wavelength = new Length(700e-9), Index = 1.4, Extinction = 0 },
        ],
    };

    [TestCase(486.1, 1.46313)]
    [TestCase(587.6, 1.45846)]
    [TestCase(656.3, 1.45637)]
    public void The_Sellmeier_equation_gives_the_index_of_fused_silica(double nanometres, double index) =>
        Assert.That(FusedSilica.At(new Length(nanometres * 1e-9))!.Value.Index, Is.EqualTo(index).Within(1.5e-5));

    [TestCase(400, 1.6, 0.02)]
    [TestCase(450, 1.55, 0.015)]
    [TestCase(500, 1.5, 0.01)]
    [TestCase(600, 1.45, 0.005)]
    [TestCase(700, 1.4, 0)]
    public void A_table_is_read_along_straight_lines(double nanometres, double index, double extinction)
    {
        var found = Table.At(new Length(nanometres * 1e-9))!.Value;
        Assert.That(found.Index, Is.EqualTo(index).Within(1e-12));
        Assert.That(found.Extinction, Is.EqualTo(extinction).Within(1e-12));
    }

    [Test]
    public void What_cannot_be_told_is_said()
    {
        Assert.That(Table.ProblemAt(new Length(450e-9)), Is.Null);
        Assert.That(Table.ProblemAt(new Length(800e-9)), Is.EqualTo("the table goes from 400 nm to 700 nm and says nothing of 800 nm; add a value beyond it"));
        Assert.That(FusedSilica.ProblemAt(new Length(500e-9)), Is.Null);
        Assert.That(FusedSilica.ProblemAt(new Length(60e-9)), Does.StartWith("the Sellmeier equation gives n² = -").And.Contain("at 60 nm"));
    }

    [TestCase("model.mask={extinction: 0}", "'model.mask.material_index' the printed material has no index")]
    [TestCase("model.mask.dispersion={kind: sellmeier, terms: []}", "the material's index is given twice")]
    [TestCase("model.mask={dispersion: {kind: table, values: [{wavelength: 1 mm, index: 1.5}]}}", "a table needs at least two values, but this one has 1")]
    [TestCase("model.mask={dispersion: {kind: table, values: [{wavelength: 1 mm, index: 1.5}, {wavelength: 0.5 mm, index: 1.6}]}}", "0.5 mm does not lie above the value before, 1 mm")]
    public void Wrong_descriptions_are_refused(string wrong, string message) =>
        Assert.That(() => SmallExperiment.With(wrong), Throws.TypeOf<ConfigurationException>().With.Message.Contain(message.Split('\'')[^1].Trim()));

    [Test]
    public void A_wavelength_beyond_the_table_is_an_error_before_anything_runs()
    {
        var experiment = SmallExperiment.With("model.mask={dispersion: {kind: table, values: [{wavelength: 0.7 mm, index: 1.5}, {wavelength: 0.8 mm, index: 1.4}]}}",
            "optics.spectrum=[{wavelength: 0.75 mm}, {wavelength: 0.9 mm}]");
        var error = experiment.Examine().Single(finding => finding.IsError);
        Assert.That(error.Key, Is.EqualTo("model.mask.dispersion"));
        Assert.That(error.Message, Does.Contain("from 0.7 mm to 0.8 mm and says nothing of 0.9 mm"));
    }

    [Test]
    public void A_medium_has_one_index_or_a_dispersion()
    {
        const string Water = "optics.medium_dispersion={kind: table, values: [{wavelength: 0.5 mm, index: 1.35}, {wavelength: 1 mm, index: 1.33}]}";
        Assert.That(SmallExperiment.With(Water).Optics.Wave.MediumIndex, Is.EqualTo(1.34).Within(1e-12));
        Assert.That(() => SmallExperiment.With(Water, "optics.medium_index=1.3"), Throws.TypeOf<ConfigurationException>().With.Message.Contain("given twice"));
        Assert.That(() => SmallExperiment.With(Water, "optics.wavelength=2 mm"), Throws.TypeOf<ConfigurationException>().With.Message.Contain("says nothing of 2 mm"));
    }
}
