using System.Text.Json.Nodes;
using NJsonSchema;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Tests.Formats;
using YamlDotNet.Core;

namespace OpticalQAT.Tests.Configuration;

public class JsonSchemaTests
{
    private const string Shipped = "configs/opticalqat.schema.json";
    private const string Quickstart = "configs/quickstart.yaml";

    private static readonly string Text = Generate(typeof(Experiment));
    private static readonly JsonSchema Schema = JsonSchema.FromJsonAsync(Text).GetAwaiter().GetResult();

    [Test]
    public void The_shipped_schema_is_current()
    {
        // One line: what differs is seen in the diff of the renewed file, and better.
        if (!string.Equals(File.ReadAllText(Checkout.Find(Shipped)!), Text, StringComparison.Ordinal))
            Assert.Fail($"Renew the schema: dotnet run -c Release --project src/OpticalQAT.Cli -- schema > {Shipped}");
    }

    [TestCaseSource(nameof(Configurations))]
    public void Every_shipped_configuration_fits_and_names_the_schema_in_its_first_line(string path)
    {
        var text = File.ReadAllText(path);
        Assert.That(ErrorsOf(text), Is.Empty);
        var schema = Path.GetRelativePath(Path.GetDirectoryName(path)!, Checkout.Find(Shipped)!).Replace('\\', '/');
        Assert.That(text.Split('\n')[0], Is.EqualTo($"# yaml-language-server: $schema={schema}"));
    }

    [TestCaseSource(nameof(Configurations))]
    public void What_is_written_with_every_default_fits_too(string path) =>
        Assert.That(ErrorsOf(ConfigurationWriter.Write(Experiment.Read(path, []).ValueOrThrow(), portable: false)), Is.Empty);

    [TestCase("wavelength: 0.75 mm", "wavelength: 0.75", "#/optics.wavelength")]
    [TestCase("wavelength: 0.75 mm", "wavelength: 0.75 furlong", "#/optics.wavelength")]
    [TestCase("wavelength: 0.75 mm", "wavelength: -0.75 mm", "#/optics.wavelength")]
    [TestCase("wavelength: 0.75 mm", "wave_length: 0.75 mm", "#/optics.wave_length")]
    [TestCase("size: 64", "size: 1", "#/optics.grid.size")]
    [TestCase("size: 64", "size: 64.5", "#/optics.grid.size")]
    [TestCase("size: 64, ", "", "#/optics.grid.size")]
    [TestCase("kind: straight_through", "kind: straightthrough", "#/quantizer.kind")]
    [TestCase("kind: cyclic, count: 4", "kind: cyclic, count: four", "#/quantizer")]
    [TestCase("kind: cyclic, count: 4", "kind: cyclic, max: 1 mm", "#/quantizer")]
    [TestCase("kind: cyclic, count: 4", "count: 4", "#/quantizer")]
    [TestCase("layers: 4", "layers: [4, 4]", "#/model")]
    [TestCase("between: 24 mm", "between: [24 mm, 24]", "#/model")]
    [TestCase("kind: glyphs", "kind: nothing", "#/task")]
    [TestCase("training:", "trainings:", "#/trainings")]
    [TestCase("training:", "device: 3\ntraining:", "#/device")]
    [TestCase("training:", "perturbation: { dust: 1 }\ntraining:", "#/perturbation.dust")]
    public void What_is_broken_is_found_where_it_stands_and_the_reader_refuses_it_too(string right, string wrong, string place)
    {
        var whole = File.ReadAllText(Checkout.Find(Quickstart)!);
        Assert.That(whole, Does.Contain(right));
        var broken = whole.Replace(right, wrong, StringComparison.Ordinal);

        Assert.That(ErrorsOf(broken), Has.Some.EqualTo(place));
        Assert.That(ConfigurationReader.Read<Experiment>(broken, "broken.yaml", []).Errors, Is.Not.Empty);
    }

    [Test]
    public void Every_form_that_a_key_can_have_is_described()
    {
        var bench = JsonNode.Parse(Generate(typeof(Bench)))!.AsObject();
        JsonNode keys = bench["properties"]!, definitions = bench["definitions"]!;

        Assert.That((string?)bench["description"], Is.EqualTo("A bench: a configuration that uses every form that a key can have."));
        Assert.That(bench["required"]!.ToJsonString(), Is.EqualTo("""["name","lamp"]"""));
        Assert.That(keys["seed"]!.ToJsonString(), Is.EqualTo("""{"default":1,"type":"integer","minimum":0}"""));
        Assert.That(keys["note"]!.ToJsonString(), Is.EqualTo("""{"default":null,"anyOf":[{"type":"string"},{"type":"null"}]}"""));
        Assert.That(keys["rays"]!["default"]!.ToJsonString(), Does.StartWith("""{"count":7,"budget":10000000000,"weights":[0.5,1E-07],"pairs":[[1,2],[3]]"""));
        Assert.That(keys["rays"]!["allOf"]!.ToJsonString(), Is.EqualTo("""[{"$ref":"#/definitions/rays"}]"""));
        Assert.That(keys["curve"]!["default"]!.ToJsonString(), Is.EqualTo("""{"kind":"straight_line","from":0,"to":3}"""));
        Assert.That(keys["curves"]!.ToJsonString(), Is.EqualTo("""{"default":[],"type":"array","items":{"$ref":"#/definitions/curve"}}"""));
        Assert.That((string?)keys["spacing"]!["default"], Is.EqualTo("24 mm"));
        Assert.That(keys["spacing"]!["anyOf"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(definitions["lamp"]!["properties"]!["polarisation"]!["enum"]!.ToJsonString(), Is.EqualTo("""["none","left_circular","right_circular"]"""));
        Assert.That((string?)definitions["lamp"]!["properties"]!["wavelength"]!["description"], Is.EqualTo("Must be greater than 0 and less than 1 mm."));
        Assert.That(definitions["curve"]!["oneOf"]!.ToJsonString(), Is.EqualTo(
            """[{"$ref":"#/definitions/curve.constant"},{"$ref":"#/definitions/curve.cosine"},{"$ref":"#/definitions/curve.straight_line"}]"""));
        Assert.That(definitions["curve.straight_line"]!["required"]!.ToJsonString(), Is.EqualTo("""["kind","to"]"""));
        Assert.That(definitions["curve.straight_line"]!["properties"]!["kind"]!.ToJsonString(), Is.EqualTo("""{"enum":["straight_line"]}"""));
        Assert.That((bool?)definitions["curve.straight_line"]!["additionalProperties"], Is.False);
    }

    private static IEnumerable<string> Configurations() =>
        Directory.GetFiles(Checkout.Find("configs")!, "*.yaml", SearchOption.AllDirectories).Where(file => !ComparisonPlan.Recognises(file) && !RobustnessPlan.Recognises(file)).Order(StringComparer.Ordinal);

    private static string Generate(Type root) => new JsonSchemaGenerator(new Catalogue(root.Assembly)).Generate(root, "OpticalQAT experiment");

    private static string[] ErrorsOf(string yaml)
    {
        try
        {
            return [.. Schema.Validate(YamlAsJson.Read(yaml)!.ToJsonString()).Select(e => e.Path ?? "")];
        }
        catch (YamlException broken)
        {
            return [broken.Message];
        }
    }
}
