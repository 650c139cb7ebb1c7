using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Quantization;

public class PerLayerLevelsTests
{
    [TestCase("{ default: { kind: cyclic, count: 8 }, layers: [ { which: \"1\", levels: { kind: cyclic, count: 2 } } ] }", new[] { 8, 2, 8, 8 })]
    [TestCase("{ layers: [ { which: \"0, 2-\", levels: { kind: cyclic, count: 3 } }, { which: \"1\", levels: { kind: cyclic, count: 4 } } ] }", new[] { 3, 4, 3, 3 })]
    [TestCase("{ layers: [ { which: \"0-3\", levels: { kind: list, heights: [1 um, 2 um] } } ] }", new[] { 2, 2, 2, 2 })]
    public void Each_layer_has_the_levels_that_name_it(string levels, int[] counts)
    {
        var tables = With(levels).ValueOrThrow().Levels!;
        Assert.That(tables.Select(table => table.Count), Is.EqualTo(counts));
        Assert.That(tables[3], Is.SameAs(tables[2]), "layers of one description share a table");
    }

    [TestCase("{ layers: [ { which: \"0-2\", levels: { kind: cyclic, count: 2 } } ] }", "there are no levels for layer 3; name it, or give the levels of all that are not named under 'default'")]
    [TestCase("{ default: { kind: cyclic, count: 8 }, layers: [ { which: \"2-4\", levels: { kind: cyclic, count: 2 } } ] }", "'2-4' names a layer that there is not: the 4 layers are 0 to 3 in the light's order")]
    [TestCase("{ layers: [ { which: \"0-2\", levels: { kind: cyclic, count: 2 } }, { which: \"2-\", levels: { kind: cyclic, count: 3 } } ] }", "layer 2 is named twice, by '0-2' and by '2-'")]
    [TestCase("{ layers: [ { which: \"first\", levels: { kind: cyclic, count: 2 } } ] }", "'first' names no layers; write \"2\", \"0-2\", \"3-\" or \"0, 2-3\", counted from 0")]
    [TestCase("{ layers: [ { which: \"3-1\", levels: { kind: cyclic, count: 2 } } ] }", "'3-1' names no layers; write \"2\", \"0-2\", \"3-\" or \"0, 2-3\", counted from 0")]
    [TestCase("{ layers: [] }", "there are no levels for layer 0; name it, or give the levels of all that are not named under 'default'")]
    public void What_does_not_fit_is_told(string levels, string message)
    {
        var errors = With(levels).Errors;
        Assert.That(errors.Select(error => error.Message), Is.EqualTo(new[] { message }));
    }

    private static ConfigurationResult<Experiment> With(string levels) => ConfigurationReader.Read<Experiment>(
        ConfigurationWriter.Write(SmallExperiment.With("model.layers=4"), portable: false), "four.yaml", [$"quantizer.levels={levels.Insert(1, " kind: per_layer,")}"]);
}
