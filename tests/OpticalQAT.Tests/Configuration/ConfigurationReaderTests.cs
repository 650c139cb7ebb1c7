using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Configuration;

public class ConfigurationReaderTests
{
    private const string Least = "name: b\nlamp: { wavelength: 632.8 nm }\n";

    private static ConfigurationResult<Bench> Read(string text) => ConfigurationReader.Read<Bench>(text, "bench.yaml", []);

    private static string[] ErrorsOf(string text)
    {
        var result = Read(text);
        Assert.That(result.Value, Is.Null);
        return [.. result.Errors.Select(e => e.ToString())];
    }

    [Test]
    public void Absent_keys_keep_the_defaults_of_the_record()
    {
        var bench = Read(Least).ValueOrThrow();

        Assert.That(bench.Lamp, Is.EqualTo(new Lamp { Wavelength = new(632.8e-9) }));
        Assert.That(bench.Seed, Is.EqualTo(1));
        Assert.That(bench.Curve, Is.EqualTo(new Line { To = 3 }));
        Assert.That(bench.Spacing, Is.EqualTo(new OneOrMany<Length>(new Length(0.024))));
    }

    [Test]
    public void Reads_every_form_of_value()
    {
        var bench = Read("""
            name: "null"
            note: ~
            seed: 0
            lamp:
              wavelength: 0.5 um
              tilt: 90 deg
              coherent: false
              polarisation: left_circular
            rays: { count: 3, budget: 9000000000, weights: [1e-3, -2, .5], pairs: [[1], [], [2, 3]], limit: 4, labels: [a, null, ''] }
            curve: { kind: cosine, from: 2 }
            second:
            curves:
              - { kind: constant, from: 1 }
              - kind: straight_line
                to: 5
            spacing: [1 mm, 2 mm]
            """).ValueOrThrow();

        Assert.That(bench.Name, Is.EqualTo("null"));
        Assert.That(bench.Note, Is.Null);
        Assert.That(bench.Lamp, Is.EqualTo(new Lamp
        {
            Wavelength = new(0.5e-6),
            Tilt = new(Math.PI / 2),
            Coherent = false,
            Polarisation = Polarisation.LeftCircular,
        }));
        Assert.That(bench.Rays.Budget, Is.EqualTo(9_000_000_000));
        Assert.That(bench.Rays.Weights, Is.EqualTo((double[])[1e-3, -2, 0.5]));
        Assert.That(bench.Rays.Pairs, Is.EqualTo(new int[][] { [1], [], [2, 3] }));
        Assert.That(bench.Rays.Limit, Is.EqualTo(4));
        Assert.That(bench.Rays.Labels, Is.EqualTo((string?[])["a", null, ""]));
        Assert.That(bench.Curve, Is.EqualTo(new Cosine { From = 2 }));
        Assert.That(bench.Second, Is.Null);
        Assert.That(bench.Curves, Is.EqualTo(new Curve[] { new Flat { From = 1 }, new Line { To = 5 } }));
        Assert.That(bench.Spacing, Is.EqualTo(new OneOrMany<Length>([new(0.001), new(0.002)])));
    }

    [Test]
    public void A_record_that_is_written_in_part_keeps_what_its_place_gives_as_default()
    {
        Assert.That(Read(Least + "rays: {}").ValueOrThrow().Rays.Count, Is.EqualTo(7));
        Assert.That(Read(Least + "rays: { limit: 2 }").ValueOrThrow().Rays.Count, Is.EqualTo(7));
        Assert.That(Read(Least + "curve: { kind: straight_line, from: 1 }").ValueOrThrow().Curve, Is.EqualTo(new Line { From = 1, To = 3 }));
        Assert.That(Read(Least + "curve: { kind: cosine }").ValueOrThrow().Curve, Is.EqualTo(new Cosine { To = 1 }));
    }

    [Test]
    public void All_errors_are_told_at_once_in_the_order_of_the_file()
    {
        var errors = ErrorsOf("""
            nme: b
            seed: x
            lamp:
              wavelength: 0.75
              polarisation: left_circula
              coherent: yes
            rays: 64
            curve: { kind: cosin }
            second: { from: 2 }
            curves: [{ kind: straight_line }]
            spacing: [1 mm, 2]
            """);

        Assert.That(errors, Is.EqualTo((string[])[
            "bench.yaml:1:1: there is no key 'nme'; did you mean 'name'?",
            "bench.yaml:1:1: the key 'name' is missing; it must be text",
            "bench.yaml:2:7: 'seed' must be an integer, but is 'x'",
            "bench.yaml:4:15: 'lamp.wavelength' is wrong: a length needs its unit, for example '0.75 mm'",
            "bench.yaml:5:17: 'lamp.polarisation' must be one of 'none', 'left_circular', 'right_circular', but is 'left_circula'; did you mean 'left_circular'?",
            "bench.yaml:6:13: 'lamp.coherent' must be true or false, but is 'yes'",
            "bench.yaml:7:7: 'rays' must be a mapping of keys, but is '64'; the keys of 'rays' are 'count', 'budget', 'weights', 'pairs', 'limit', 'labels'",
            "bench.yaml:8:16: there is no curve 'cosin'; the kinds of curve are 'constant', 'cosine', 'straight_line'; did you mean 'cosine'?",
            "bench.yaml:9:9: the key 'second.kind' is missing; the kinds of curve are 'constant', 'cosine', 'straight_line'",
            "bench.yaml:10:10: the key 'curves.0.to' is missing; it must be a number",
            "bench.yaml:11:17: 'spacing.1' is wrong: a length needs its unit, for example '2 mm'",
        ]));
    }

    [TestCase("seed: -1", "bench.yaml:3:7: 'seed' must be at least 0, but is -1")]
    [TestCase("seed: 1.5", "bench.yaml:3:7: 'seed' must be an integer, but is '1.5'")]
    [TestCase("seed: 3000000000", "bench.yaml:3:7: 'seed' must be an integer from -2147483648 to 2147483647, but is '3000000000'")]
    [TestCase("seed:", "bench.yaml:3:6: 'seed' must be an integer, but is empty")]
    [TestCase("seed: [1]", "bench.yaml:3:7: 'seed' must be an integer, but is a list")]
    [TestCase("rays: { limit: .nan }", "bench.yaml:3:16: 'rays.limit' must be a finite number, but is '.nan'")]
    [TestCase("rays: { limit: -.inf }", "bench.yaml:3:16: 'rays.limit' must be a finite number, but is '-.inf'")]
    [TestCase("rays: { limit: 1e999 }", "bench.yaml:3:16: 'rays.limit' must be a finite number, but is '1e999'")]
    [TestCase("rays: { weights: [0, 2] }", "bench.yaml:3:22: 'rays.weights.1' must be at most 1, but is 2")]
    [TestCase("rays: { weights: 2 }", "bench.yaml:3:18: 'rays.weights' must be a list (list of number), but is '2'")]
    [TestCase("rays: { pairs: [1] }", "bench.yaml:3:17: 'rays.pairs.0' must be a list (list of integer), but is '1'")]
    [TestCase("rays: { weights: [null] }", "bench.yaml:3:19: 'rays.weights.0' must be a number, but is null")]
    [TestCase("rays:", "bench.yaml:3:6: 'rays' must be a mapping of keys, but is empty; write '{}' for the defaults")]
    [TestCase("rays: { hue: 1 }", "bench.yaml:3:9: there is no key 'rays.hue'; the keys of 'rays' are 'count', 'budget', 'weights', 'pairs', 'limit', 'labels'")]
    [TestCase("Seed: 1", "bench.yaml:3:1: there is no key 'Seed'; did you mean 'seed'?")]
    [TestCase("folder: null", "bench.yaml:3:9: 'folder' must be text, but is null; write \"null\" in quotes if that is meant")]
    [TestCase("spacing: { a: 1 }", "bench.yaml:3:10: 'spacing' must be a length, or a list of them, but is a mapping")]
    [TestCase("spacing: []", "bench.yaml:3:1: 'spacing' is an empty list; give at least one length")]
    [TestCase("curve: cosine", "bench.yaml:3:8: 'curve' must be a mapping with the key 'kind', but is 'cosine'; write '{ kind: cosine }'")]
    [TestCase("seed: ~", "bench.yaml:3:7: 'seed' must be an integer, but is null")]
    [TestCase("curve: cosinus", "bench.yaml:3:8: 'curve' must be a mapping with the key 'kind', but is 'cosinus'; the kinds of curve are 'constant', 'cosine', 'straight_line'")]
    [TestCase("curve: kind:cosine", "bench.yaml:3:8: 'curve' must be a mapping with the key 'kind', but is 'kind:cosine'; write 'kind: cosine', with a space behind the colon")]
    [TestCase("curve: { from: 2 }", "bench.yaml:3:8: the key 'curve.kind' is missing; the kinds of curve are 'constant', 'cosine', 'straight_line'")]
    [TestCase("curve: { kind: zigzag }", "bench.yaml:3:16: there is no curve 'zigzag'; the kinds of curve are 'constant', 'cosine', 'straight_line'; 'zigzag' is in none of the assemblies in use: name the one that has it, --assembly PATH")]
    [TestCase("base: other.yaml", "bench.yaml:3:1: there is no key 'base'; the keys of the configuration are 'name', 'note', 'seed', 'folder', 'lamp', 'rays', 'curve', 'second', 'curves', 'spacing'")]
    [TestCase("curve: null", "bench.yaml:3:8: 'curve' must be a mapping with the key 'kind', but is null; the kinds of curve are 'constant', 'cosine', 'straight_line'")]
    [TestCase("curve: { kind: [] }", "bench.yaml:3:16: 'curve.kind' must be the name of a curve, but is a list; the kinds of curve are 'constant', 'cosine', 'straight_line'")]
    [TestCase("curve: { kind: constant, to: 2 }", "bench.yaml:3:26: there is no key 'curve.to'; the keys of 'curve' are 'from'")]
    [TestCase("seed: 0\nrays:\n  count: 101", "bench.yaml:5:3: more than 100 rays need a seed; write 'seed: 1'")]
    [TestCase("seed: 1\nseed: 2", "bench.yaml:4:1: the key 'seed' stands here a second time, after line 3; keep one of them")]
    [TestCase("seed: !!int 1", "bench.yaml:3:7: the tag 'tag:yaml.org,2002:int' is not supported; remove it: the key decides what the value is")]
    [TestCase("? [a]\n: 1", "bench.yaml:3:3: a key must be one word, but is a list")]
    [TestCase("---\nname: c", "bench.yaml:3:1: a second document begins here; a configuration is one document: remove it and its '---'")]
    public void An_error_says_what_was_expected(string line, string message) =>
        Assert.That(ErrorsOf(Least + line), Is.EqualTo((string[])[message]));

    [Test]
    public void Integers_may_be_as_small_and_as_great_as_their_type() =>
        Assert.That(Read(Least + "rays: { pairs: [[-2147483648, 2147483647]], budget: 9223372036854775807 }\nfolder: ~").ValueOrThrow().Rays.Pairs[0], Is.EqualTo((int[])[int.MinValue, int.MaxValue]));

    [Test]
    public void A_key_of_an_experiment_that_is_unknown_is_no_base()
    {
        Assert.That(ConfigurationReader.Read<OpticalQAT.Experiment>("nme: x", "e.yaml", []).Errors[0].Message, Is.EqualTo("there is no key 'nme'; did you mean 'name'?"));
        Assert.That(ConfigurationReader.Read<OpticalQAT.Experiment>("quantizer: { kind: straight_through, switch_on: { kind: at_once, x: 1 } }", "e.yaml", []).Errors.Select(e => e.Message),
            Does.Contain("there is no key 'quantizer.switch_on.x'; 'quantizer.switch_on' has no keys"));
    }

    [TestCase("2 mm", "bench.yaml:2:21: 'lamp.wavelength' must be less than 1 mm, but is 2 mm")]
    [TestCase("0 mm", "bench.yaml:2:21: 'lamp.wavelength' must be greater than 0, but is 0 mm")]
    public void Bounds_of_a_quantity_carry_its_unit(string wavelength, string message) =>
        Assert.That(ErrorsOf($"name: b\nlamp: {{ wavelength: {wavelength} }}"), Is.EqualTo((string[])[message]));

    [TestCase("", "bench.yaml:1:1: the file is empty; a mapping of keys was expected")]
    [TestCase("# nothing\n", "bench.yaml:2:1: the file is empty; a mapping of keys was expected")]
    [TestCase("- 1", "bench.yaml:1:1: the configuration must be a mapping of keys, but is a list; the keys of the configuration are 'name', 'note', 'seed', 'folder', 'lamp', 'rays', 'curve', 'second', 'curves', 'spacing'")]
    public void A_file_must_be_a_mapping(string text, string message) =>
        Assert.That(ErrorsOf(text), Is.EqualTo((string[])[message]));

    [Test]
    public void What_was_written_is_told_on_one_line_and_not_at_any_length() =>
        Assert.That(ErrorsOf(Least + "seed: |\n  1\n  " + new string('x', 80)), Is.EqualTo((string[])[
            $"bench.yaml:3:7: 'seed' must be an integer, but is '1 {new string('x', 58)}\u2026'",
        ]));

    [Test]
    public void Endless_nesting_and_endless_files_are_refused()
    {
        var deep = "name: " + new string('[', 400_000);
        Assert.That(ErrorsOf(deep), Is.EqualTo((string[])["bench.yaml:1:38: nested deeper than 32 levels; no configuration needs as many"]));
        Assert.That(ErrorsOf(Least + "# " + new string('x', 1 << 20)), Is.EqualTo((string[])[
            "bench.yaml:1:1: the file has 1048617 bytes, and 1048576 is the most that is read; is it a configuration?",
        ]));
    }

    [Test]
    public void A_family_can_be_read_by_itself()
    {
        var result = ConfigurationReader.Read<Curve>("{ kind: cosine, cycles: 2 }", "curve.yaml", []);
        Assert.That(result.Value, Is.EqualTo(new Cosine { Cycles = 2 }));
    }

    [Test]
    public void The_exception_has_a_line_for_each_error() =>
        Assert.That(() => Read("lamp: { wavelength: 1 m }").ValueOrThrow(), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(
            "bench.yaml:1:1: the key 'name' is missing; it must be text\n" +
            "bench.yaml:1:21: 'lamp.wavelength' must be less than 1 mm, but is 1 m"));
}
