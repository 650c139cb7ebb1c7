using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Configuration;

/// <summary>Anchors, aliases and merge keys, and what is said of a text that is no YAML.</summary>
public class YamlTextTests
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
    public void An_alias_is_a_copy_of_what_its_anchor_names()
    {
        var bench = Read("name: b\nlamp: { wavelength: &w 0.5 um }\ncurves: [&c { kind: constant, from: 2 }, *c]\nspacing: [*w, 1 mm]\n").ValueOrThrow();
        Assert.That(bench.Curves, Is.EqualTo(new Curve[] { new Flat { From = 2 }, new Flat { From = 2 } }));
        Assert.That(bench.Spacing, Is.EqualTo(new OneOrMany<Length>([new(0.5e-6), new(1e-3)])));

        var changed = ConfigurationReader.Read<Bench>(Least + "curves: [&c { kind: constant, from: 2 }, *c]\n", "bench.yaml", ["curves.0.from=5"]).ValueOrThrow();
        Assert.That(changed.Curves, Is.EqualTo(new Curve[] { new Flat { From = 5 }, new Flat { From = 2 } }), "an override of one changes no other");
    }

    [Test]
    public void A_merge_key_gives_what_is_not_written()
    {
        var bench = Read("name: b\nrays: { <<: &r { count: 3, limit: 4 }, limit: 9 }\nlamp:\n  <<: [{ wavelength: 1 um }, { wavelength: 2 um, coherent: false }]\n").ValueOrThrow();
        Assert.That((bench.Rays.Count, bench.Rays.Limit), Is.EqualTo((3, (double?)9)));
        Assert.That((bench.Lamp.Wavelength, bench.Lamp.Coherent), Is.EqualTo((new Length(1e-6), false)), "of several the first counts");
    }

    [TestCase("curves:\n  - &x { kind: constant, from: q }\n  - *x", "bench.yaml:4:32: 'curves.0.from' must be a number, but is 'q'\nbench.yaml:4:32: 'curves.1.from' must be a number, but is 'q'")]
    [TestCase("rays: { <<: { cuont: 1 } }", "bench.yaml:3:15: there is no key 'rays.cuont'; did you mean 'rays.count'?")]
    [TestCase("seed: *s", "bench.yaml:3:7: the alias '*s' has no anchor above it; write '&s' in front of the value that it stands for, or put the text in quotes")]
    [TestCase("seed: &seed 1\nnote: *sead", "bench.yaml:4:7: the alias '*sead' has no anchor above it; did you mean '*seed'?")]
    [TestCase("rays: &r { pairs: *r }", "bench.yaml:3:19: the alias '*r' stands inside the value that it stands for; write out what is meant here")]
    [TestCase("rays: { <<: 3 }", "bench.yaml:3:13: '<<' takes the alias of a mapping, or a list of such, but this is '3'; for example '<<: *other'")]
    [TestCase("rays: { <<: {}, <<: {} }", "bench.yaml:3:17: the key '<<' stands here a second time; write one with a list: '<<: [*a, *b]'")]
    public void Errors_of_anchors_and_merge_keys_keep_their_place(string line, string message) =>
        Assert.That(string.Join('\n', ErrorsOf(Least + line)), Is.EqualTo(message));

    [Test]
    public void Aliases_of_aliases_do_not_grow_without_bound()
    {
        var laughs = "rays: { labels: &l0 [x, x, x, x, x, x, x, x, x, x],\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"  k{i}: &l{i} [{string.Join(", ", Enumerable.Repeat($"*l{i - 1}", 10))}],\n")) + "}";
        Assert.That(ErrorsOf(Least + laughs), Is.EqualTo((string[])["bench.yaml:7:47: up to here the aliases stand for more than 100000 values; no configuration needs as many"]));

        var deep = "note: &d0 [x]\nrays:\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"  k{i}: &d{i} [*d{i - 1}]\n"));
        Assert.That(ErrorsOf(Least + deep), Is.EqualTo((string[])["bench.yaml:33:14: nested deeper than 32 levels; no configuration needs as many"]));
    }

    // tabs
    [TestCase("name: b\nlamp:\n\twavelength: 1 um", "3:1: a tab indents this line, and YAML is indented with spaces; put spaces in its place")]
    [TestCase("name: b\nlamp:\n  wavelength: 1 um\n  \tcoherent: true", "4:3: a tab indents this line, and YAML is indented with spaces; put spaces in its place")]
    // colons and dashes
    [TestCase("name: b\nseed:1\nlamp: { wavelength: 1 um }", "2:1: a space is missing behind the colon; write 'seed: 1'")]
    [TestCase("name: b\nseed:1", "2:1: a space is missing behind the colon; write 'seed: 1'")]
    [TestCase("name: b\nlamp:\n  wavelength:1 um\n  coherent: true", "3:3: a space is missing behind the colon; write 'wavelength: 1 um'")]
    [TestCase("name b\nseed: 1", "1:1: the colon behind the key is missing; write 'name: b'")]
    [TestCase("name: b\ncurves:\n  - { kind: constant }\n  -{ kind: constant }\nseed: 1", "4:3: a space is missing behind the dash; write '- { kind: constant }'")]
    [TestCase("name: b: c", "1:7: the text behind 'name:' has ': ' in it; put it in quotes")]
    [TestCase("name: b\nnote: 50 of: it", "2:7: the text behind 'note:' has ': ' in it; put it in quotes")]
    // brackets and quotes
    [TestCase("name: [a", "1:7: the '[' that is opened here is not closed; write ']' behind its last entry")]
    [TestCase("name: b\nlamp: { wavelength: 1 um\nseed: 1", "2:7: the '{' that is opened here is not closed; write '}' behind its last entry")]
    [TestCase("name: b\nlamp: { wavelength: 1 um ]\nseed: 1", "2:26: ']' closes the '{' of line 2, column 7; write '}'")]
    [TestCase("name: b\nlamp: { wavelength: 1 um }}", "2:27: there is no bracket open that this '}' closes; remove it")]
    [TestCase("name: 'a", "1:7: the quotation mark ' that is opened here is not closed on this line; close it")]
    [TestCase("name: \"b\nseed: 1", "1:7: the quotation mark \" that is opened here is not closed on this line; close it")]
    [TestCase("name: 'b\nseed: 1\nfolder: 'x'", "1:7: the quotation mark ' that is opened here is not closed on this line; close it")]
    [TestCase("name: \"a\n  b\"\nnote: x: y", "3:7: the text behind 'note:' has ': ' in it; put it in quotes")]
    [TestCase("name: b\nlamp: { wavelength: 1 um coherent: true }", "2:34: this is not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'; put a comma between the entries, close the bracket that was opened, and put a text with ': ' in quotes")]
    [TestCase("name: b\nlamp: { wavelength: 1 um\n  coherent: true }", "3:11: this is not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'; put a comma between the entries, close the bracket that was opened, and put a text with ': ' in quotes")]
    [TestCase("name: b\nlamp: { wavelength: 1 um\nseed: 1 }", "2:19: this is not valid YAML: here or in the lines that follow; entries between brackets are divided by commas")]
    // indentation
    [TestCase("name: b\nlamp:\n  wavelength: 1 um\n   coherent: true", "4:4: this line stands 3 spaces in, but line 3, which has its value, 2; give both the same")]
    [TestCase("name: b\nlamp:\n  wavelength: 1 um\n coherent: true", "4:2: this line stands 1 space in, and no key above it does that it could follow; those stand 0 or 2 in")]
    [TestCase("name: b\n- a", "2:1: a list begins here among the keys of a mapping; indent it below the key that it belongs to")]
    // single characters
    [TestCase("name: @x", "1:7: this is not valid YAML: while scanning for the next token, found character that cannot start any token; put the value in quotes")]
    [TestCase("folder: \"C:\\x\"", "1:9: this is not valid YAML: while scanning a quoted scalar, did not find expected hexadecimal number; use single quotes, in which a backslash is a backslash")]
    public void What_is_no_YAML_is_told_where_it_begins_and_with_a_remedy(string text, string message) =>
        Assert.That(ErrorsOf(text), Is.EqualTo((string[])["bench.yaml:" + message]));

    [TestCase("lamp: { wavelength:1 um }", "bench.yaml:2:7: the key 'lamp.wavelength' is missing; it must be a length\nbench.yaml:2:9: there is no key 'lamp.wavelength:1 um'; write 'wavelength: 1 um', with a colon and a space behind it")]
    [TestCase("lamp: { wavelength = 1 um }", "bench.yaml:2:7: the key 'lamp.wavelength' is missing; it must be a length\nbench.yaml:2:9: there is no key 'lamp.wavelength = 1 um'; write 'wavelength: 1 um', with a colon and a space behind it")]
    [TestCase("lamp:\n  wavelength:1 um", "bench.yaml:3:3: 'lamp' must be a mapping of keys, but is 'wavelength:1 um'; write 'wavelength: 1 um', with a space behind the colon")]
    [TestCase("lamp:\nwavelength: 1 um", "bench.yaml:2:6: 'lamp' must be a mapping of keys, but is empty; write '{}' for the defaults\nbench.yaml:3:1: there is no key 'wavelength'; indent it, if it belongs to 'lamp'")]
    [TestCase("lamp: { wavelength: 1 um }\ncurves:\n  -{ kind: constant }", "bench.yaml:4:3: 'curves' must be a list (list of curve), but is a mapping; write '- ' with a space behind the dash")]
    public void What_is_YAML_but_hardly_meant_so_is_told_with_a_remedy(string lines, string message) =>
        Assert.That(string.Join('\n', ErrorsOf("name: b\n" + lines)), Is.EqualTo(message));
}
