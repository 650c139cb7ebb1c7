using System.Text;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Configuration;

/// <summary>A text that is too long, or no text, is refused with its place; the limits themselves are allowed.</summary>
public sealed class ConfigurationTextTests : IDisposable
{
    private const int Most = 1 << 20;
    private const string Least = "name: b\nlamp: { wavelength: 632.8 nm }\n# ";

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("bench.yaml");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_file_may_be_as_long_as_the_limit()
    {
        File.WriteAllText(Path, Least.PadRight(Most, 'x'));
        Assert.That(ConfigurationReader.ReadFile<Bench>(Path, []).ValueOrThrow().Name, Is.EqualTo("b"));
        File.AppendAllText(Path, "x");
        Assert.That(ErrorOfFile(), Is.EqualTo($"{Path}:1:1: the file has more bytes, and {Most} is the most that is read; is it a configuration?"));
    }

    [Test]
    public void A_text_may_be_as_long_as_the_limit()
    {
        Assert.That(ConfigurationReader.Read<Bench>(Least.PadRight(Most, 'x'), "b", []).ValueOrThrow().Name, Is.EqualTo("b"));
        Assert.That(ConfigurationReader.Read<Bench>(Least.PadRight(Most + 1, 'x'), "b", []).Errors.Single().Message, Does.StartWith($"the file has {Most + 1} bytes"));
    }

    [Test]
    public void Bytes_that_are_no_UTF8_are_told_where_they_stand()
    {
        File.WriteAllBytes(Path, [.. Encoding.UTF8.Preamble, .. Encoding.Latin1.GetBytes("name: b\nseed: 1\nnote: café\n")]);
        Assert.That(ErrorOfFile(), Is.EqualTo($"{Path}:3:10: this is no UTF-8 text; save the file in UTF-8"));
        File.WriteAllBytes(Path, Encoding.Latin1.GetBytes("é: b\n"));
        Assert.That(ErrorOfFile(), Is.EqualTo($"{Path}:1:1: this is no UTF-8 text; save the file in UTF-8"));
        File.WriteAllBytes(Path, [.. Encoding.UTF8.Preamble, .. "name: café\nlamp: { wavelength: 1 um }\n"u8]);
        Assert.That(ConfigurationReader.ReadFile<Bench>(Path, []).ValueOrThrow().Name, Is.EqualTo("café"));
    }

    [TestCase(100, 100)]
    [TestCase(101, 101, "here and below are 1 more errors")]
    [TestCase(250, 101, "here and below are 150 more errors")]
    public void Of_very_many_errors_the_first_hundred_are_told(int wrong, int told, string? last = null)
    {
        var text = Least + $"\nrays: {{ weights: [{string.Join(", ", Enumerable.Repeat("x", wrong))}] }}";
        var errors = ConfigurationReader.Read<Bench>(text, "b", []).Errors;
        Assert.That(errors, Has.Count.EqualTo(told));
        Assert.That(errors[^1].Message, Is.EqualTo(last ?? "'rays.weights.99' must be a number, but is 'x'"));
    }

    [TestCase("lamp.wavelength", 2, 21)]
    [TestCase("rays.count", 3, 7)]
    [TestCase("curves.1.from", 4, 50)]
    [TestCase("curves.1", 4, 28)]
    [TestCase("curves.2", 4, 9)]
    [TestCase("curves.first", 4, 9)]
    [TestCase("name.first", 1, 7)]
    [TestCase("note", 1, 1)]
    public void A_value_has_a_place_or_that_of_what_stands_above_it(string path, int line, int column)
    {
        var result = ConfigurationReader.Read<Bench>("name: b\nlamp: { wavelength: 1 um }\nrays: {}\ncurves: [{ kind: cosine }, { kind: cosine, from: 1 }]\n", "b.yaml", []);
        Assert.That((result.PlaceOf(path).Line, result.PlaceOf(path).Column), Is.EqualTo((line, column)));
    }

    [Test]
    public void What_was_not_written_has_no_place() =>
        Assert.That(new ConfigurationResult<Bench>(null, [], []).PlaceOf("name"), Is.EqualTo(default(Place)));

    [TestCase("x", 1, 1)]
    [TestCase("[]", 1, 1)]
    [TestCase("{}", 1, 1)]
    [TestCase("[a, [b, c], d]", 6, 3)]
    [TestCase("{ a: 1, b: { c: 1, d: [x] }, e: 2 }", 7, 4)]
    public void Pieces_are_counted_with_all_below_them(string yaml, int count, int depth)
    {
        var node = YamlText.ReadFile($"top: {yaml}", "t", []) is MappingNode { Entries: [var top] } ? top.Value : throw new AssertionException("no mapping");
        Assert.That((node.Count, node.Depth), Is.EqualTo((count, depth)));
    }

    private string ErrorOfFile() => ConfigurationReader.ReadFile<Bench>(Path, []).Errors.Single().ToString();
}
