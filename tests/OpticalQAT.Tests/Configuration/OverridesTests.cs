using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Configuration;

public class OverridesTests
{
    private const string File = """
        name: b
        lamp: { wavelength: 632.8 nm }
        second:
          kind: cosine
          from: 2
          to: 4
          cycles: 3
        curves: [{ kind: constant }, { kind: constant }]
        """;

    private static ConfigurationResult<Bench> Read(params string[] overrides) =>
        ConfigurationReader.Read<Bench>(File, "bench.yaml", overrides);

    [Test]
    public void Values_are_set_below_records_lists_and_absent_keys()
    {
        var bench = Read("lamp.wavelength=1 um", "rays.weights=[0.1, 0.2]", "rays.count=9", "rays.count=8", "curves.1.from=6",
            "spacing=3 mm", "note=a=b", "curve={kind: constant}", "second.from=7").ValueOrThrow();

        Assert.That(bench.Lamp.Wavelength, Is.EqualTo(new Length(1e-6)));
        Assert.That(bench.Rays.Weights, Is.EqualTo((double[])[0.1, 0.2]));
        Assert.That(bench.Rays.Count, Is.EqualTo(8));
        Assert.That(bench.Curves, Is.EqualTo(new Curve[] { new Flat(), new Flat { From = 6 } }));
        Assert.That(bench.Spacing.Values, Is.EqualTo((Length[])[new Length(0.003)]));
        Assert.That(bench.Note, Is.EqualTo("a=b"));
        Assert.That(bench.Curve, Is.EqualTo(new Flat()));
        Assert.That(bench.Second, Is.EqualTo(new Cosine { From = 7, To = 4, Cycles = 3 }));
    }

    [Test]
    public void A_key_below_a_default_means_that_default() =>
        Assert.That(Read("curve.from=9").ValueOrThrow().Curve, Is.EqualTo(new Line { From = 9, To = 3 }));

    [TestCase("second=null")]
    [TestCase("second=")]
    public void Null_takes_away_what_the_file_says(string text) =>
        Assert.That(Read(text).ValueOrThrow().Second, Is.Null);

    [Test]
    public void Another_kind_keeps_the_keys_that_it_knows_and_says_what_was_dropped()
    {
        var result = Read("second.kind=straight_line");

        Assert.That(result.ValueOrThrow().Second, Is.EqualTo(new Line { From = 2, To = 4 }));
        Assert.That(result.Notices, Is.EqualTo((string[])[
            "override 'second.kind=straight_line': 'second.cycles' is a key of 'cosine' and was dropped (bench.yaml:7:3)",
        ]));
    }

    [Test]
    public void The_same_kind_drops_nothing()
    {
        var result = Read("second.kind=straight_line", "second.kind=cosine");
        Assert.That(result.ValueOrThrow().Second, Is.EqualTo(new Cosine { From = 2, To = 4, Cycles = 3 }));
        Assert.That(result.Notices, Is.Empty);
    }

    [Test]
    public void Of_several_kinds_the_keys_of_the_files_own_are_dropped()
    {
        var result = Read("second.kind=straight_line", "second.kind=constant");
        Assert.That(result.ValueOrThrow().Second, Is.EqualTo(new Flat { From = 2 }));
        Assert.That(result.Notices, Has.Count.EqualTo(2).And.All.Contain("is a key of 'cosine' and was dropped"));
    }

    [Test]
    public void An_empty_list_has_no_elements_to_go_into() =>
        Assert.That(Read("curves=[]", "curves.0.from=1").Errors.Single().Message, Is.EqualTo("there is no '0' in the list 'curves'; it is empty"));

    [TestCase("lamp.wavelenght=1 um", "there is no key 'lamp.wavelenght'; did you mean 'lamp.wavelength'?")]
    [TestCase("ray.count=3", "there is no key 'ray'; did you mean 'rays'?")]
    [TestCase("rays.count=x", "'rays.count' must be an integer, but is 'x'")]
    [TestCase("rays.count=0", "'rays.count' must be at least 1, but is 0")]
    [TestCase("lamp.wavelength=0.75", "'lamp.wavelength' is wrong: a length needs its unit, for example '0.75 mm'")]
    [TestCase("name.first=x", "there is no 'first' in 'name', which is 'b'")]
    [TestCase("curves.2.from=1", "there is no '2' in the list 'curves'; its elements are 'curves.0' to 'curves.1'")]
    [TestCase("curves.first.from=1", "there is no 'first' in the list 'curves'; its elements are 'curves.0' to 'curves.1'")]
    [TestCase("second.kind=cosinus", "there is no curve 'cosinus'; the kinds of curve are 'constant', 'cosine', 'straight_line'; did you mean 'cosine'?")]
    [TestCase("lamp=null", "'lamp' must be a mapping of keys, but is null; write '{}' for the defaults")]
    [TestCase("seed", "an override must be written 'key=value', with dots to go deeper: 'a.b=1'")]
    [TestCase("a..b=1", "an override must be written 'key=value', with dots to go deeper: 'a.b=1'")]
    [TestCase("=1", "an override must be written 'key=value', with dots to go deeper: 'a.b=1'")]
    public void An_error_names_the_override(string text, string message) =>
        Assert.That(Read(text).Errors.Select(e => e.ToString()), Is.EqualTo((string[])[$"override '{text}': {message}"]));

    [Test]
    public void A_rule_that_an_override_breaks_is_told_at_the_override() =>
        Assert.That(Read("seed=0", "rays.count=101").Errors.Single().ToString(),
            Is.EqualTo("override 'rays.count=101': more than 100 rays need a seed; write 'seed: 1'"));

    [Test]
    public void A_value_must_be_YAML() =>
        Assert.That(Read("spacing=[1 mm,").Errors.Single().ToString(), Does.StartWith("override 'spacing=[1 mm,': this is not valid YAML: "));

    [Test]
    public void A_key_that_an_override_sets_is_not_dropped_with_the_kind() =>
        Assert.That(Read("second.kind=constant", "second.cycles=4", "second.to=5").Errors.Select(e => e.ToString()), Is.EqualTo((string[])[
            "override 'second.to=5': there is no key 'second.to'; the keys of 'second' are 'from'",
            "override 'second.cycles=4': there is no key 'second.cycles'; the keys of 'second' are 'from'",
        ]));
}
