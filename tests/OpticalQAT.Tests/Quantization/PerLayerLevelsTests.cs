using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Quantization;

public class PerLayerLevelsTests
{
    [TestCase("{ default: { kind: cyclic, count: 8 }, layers: [ { which: \"2\", levels: { kind: cyclic, count: 2 } } ] }", new[] { 8, 2, 8, 8 })]
    [TestCase("{ layers: [ { which: \"1, 3-\", levels: { kind: cyclic, count: 3 } }, { which: \"2\", levels: { kind: cyclic, count: 4 } } ] }", new[] { 3, 4, 3, 3 })]
    [TestCase("{ layers: [ { which: \"1-4\", levels: { kind: list, heights: [1 um, 2 um] } } ] }", new[] { 2, 2, 2, 2 })]
    public void Each_layer_has_the_levels_that_name_it(string levels, int[] counts)
    {
        var tables = With(levels).ValueOrThrow().Levels!;
        Assert.That(tables.Select(table => table.Count), Is.EqualTo(counts));
        Assert.That(tables[3], Is.SameAs(tables[2]), "layers of one description share a table");
    }

    [TestCase("{ layers: [ { which: \"1-3\", levels: { kind: cyclic, count: 2 } } ] }", "there are no levels for layer 4; name it, or give the levels of all that are not named under 'default'")]
    [TestCase("{ default: { kind: cyclic, count: 8 }, layers: [ { which: \"3-5\", levels: { kind: cyclic, count: 2 } } ] }", "'3-5' names a layer that there is not: the 4 layers are 1 to 4 in layer order")]
    [TestCase("{ layers: [ { which: \"1-3\", levels: { kind: cyclic, count: 2 } }, { which: \"3-\", levels: { kind: cyclic, count: 3 } } ] }", "layer 3 is named twice, by '1-3' and by '3-'")]
    [TestCase("{ layers: [ { which: \"first\", levels: { kind: cyclic, count: 2 } } ] }", "'first' names no layers; write \"2\", \"1-3\", \"3-\" or \"1, 3-4\", counted from 1")]
    [TestCase("{ layers: [ { which: \"4-2\", levels: { kind: cyclic, count: 2 } } ] }", "'4-2' names no layers; write \"2\", \"1-3\", \"3-\" or \"1, 3-4\", counted from 1")]
    [TestCase("{ layers: [] }", "there are no levels for layer 1; name it, or give the levels of all that are not named under 'default'")]
    [TestCase("{ default: { kind: per_layer, layers: [ { which: \"1-\", levels: { kind: cyclic, count: 2 } } ] }, layers: [ { which: \"1\", levels: { kind: cyclic, count: 2 } } ] }", "levels per layer cannot themselves be per layer; name a table for each")]
    [TestCase("{ default: { kind: cyclic, count: 8 }, layers: [ { which: \"1\", levels: { kind: per_layer, layers: [ { which: \"1-\", levels: { kind: cyclic, count: 2 } } ] } } ] }", "levels per layer cannot themselves be per layer; name a table for each")]
    [TestCase("{ default: { kind: cyclic, count: 8 }, layers: [ { which: \"1, 5, 2\", levels: { kind: cyclic, count: 2 } } ] }", "'1, 5, 2' names a layer that there is not: the 4 layers are 1 to 4 in layer order")]
    [TestCase("{ default: { kind: cyclic, count: 8 }, layers: [ { which: \"-3\", levels: { kind: cyclic, count: 2 } } ] }", "'-3' names no layers; write \"2\", \"1-3\", \"3-\" or \"1, 3-4\", counted from 1")]
    [TestCase("{ layers: [ { which: \"1-\", levels: { kind: cyclic, count: 2 } }, { which: \"2\", levels: { kind: cyclic, count: 3 } }, { which: \"3\", levels: { kind: cyclic, count: 3 } } ] }", "layer 2 is named twice, by '1-' and by '2'")]
    [TestCase("{ layers: [ { which: \"2-\", levels: { kind: cyclic, count: 2 } }, { which: \"1, 4-\", levels: { kind: cyclic, count: 3 } } ] }", "layer 4 is named twice, by '2-' and by '1, 4-'")]
    [TestCase("{ layers: [ { which: \"0, 2-\", levels: { kind: cyclic, count: 2 } } ] }",
        "\"0, 2-\" has a layer 0, and layers are counted from 1; up to version 0.1.0 they were counted from 0, and what was meant by \"0, 2-\" then is \"1, 3-\" now")]
    public void What_does_not_fit_is_told(string levels, string message)
    {
        var errors = With(levels).Errors;
        Assert.That(errors.Select(error => error.Message), Is.EqualTo(new[] { message }));
    }

    private static ConfigurationResult<Experiment> With(string levels) => ConfigurationReader.Read<Experiment>(
        ConfigurationWriter.Write(SmallExperiment.With("model.layers=4"), portable: false), "four.yaml", [$"quantizer.levels={levels.Insert(1, " kind: per_layer,")}"]);
}
