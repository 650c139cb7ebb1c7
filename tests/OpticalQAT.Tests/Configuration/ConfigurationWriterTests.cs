using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Configuration;

public class ConfigurationWriterTests
{
    private static readonly Bench Sample = new()
    {
        Name = "b-1",
        Lamp = new() { Wavelength = new(0.75e-3), Tilt = new(Math.PI / 2), Polarisation = Polarisation.RightCircular },
        Curves = [new Flat(), new Line { From = 0.1 + 0.2, To = -1e-7 }],
        Spacing = new Length[] { new(0.001), new(0.0025) },
        Rays = new() { Labels = [null, "", "null", "a: b", "yes", "12", "caf\u00e9 \ud83d\udd2c", "\"q\"\\\n\t", " x ", "plain words", "\u2028\u2029\ufeff"] },
    };

    [Test]
    public void Every_default_is_written_in_the_order_of_the_records() =>
        Assert.That(ConfigurationWriter.Write(Sample, portable: false), Is.EqualTo("""
            name: b-1
            note: null
            seed: 1
            folder: runs
            lamp:
              wavelength: 0.75 mm
              tilt: 90 deg
              coherent: true
              polarisation: right_circular
            rays:
              count: 5
              budget: 10000000000
              weights: [0.5, 1E-07]
              pairs: [[1, 2], [3]]
              limit: null
              labels: [null, "", "null", "a: b", "yes", "12", "café 🔬", "\"q\"\\\u000A\u0009", " x ", plain words, "\u2028\u2029\uFEFF"]
            curve:
              kind: straight_line
              from: 0
              to: 3
            second: null
            curves:
              - kind: constant
                from: 0
              - kind: straight_line
                from: 0.30000000000000004
                to: -1E-07
            spacing: [1 mm, 2.5 mm]

            """.ReplaceLineEndings("\n")));

    [Test]
    public void What_is_written_is_read_back_equal()
    {
        var text = ConfigurationWriter.Write(Sample, portable: false);
        var read = ConfigurationReader.Read<Bench>(text, "b.yaml", []).ValueOrThrow();

        Assert.That(ConfigurationWriter.Write(read, portable: false), Is.EqualTo(text));
        Assert.That(read.Lamp, Is.EqualTo(Sample.Lamp));
        Assert.That(read.Curve, Is.EqualTo(Sample.Curve));
        Assert.That(read.Curves, Is.EqualTo(Sample.Curves));
        Assert.That(read.Spacing, Is.EqualTo(Sample.Spacing));
        Assert.That(read.Rays.Labels, Is.EqualTo(Sample.Rays.Labels));
        Assert.That(read.Rays.Pairs, Is.EqualTo(Sample.Rays.Pairs));
        // Records compare their arrays by reference: with those made the same, the rest is equal.
        var rays = read.Rays with { Labels = Sample.Rays.Labels, Pairs = Sample.Rays.Pairs, Weights = Sample.Rays.Weights };
        Assert.That(read with { Rays = rays, Curves = Sample.Curves }, Is.EqualTo(Sample));
    }

    [Test]
    public void A_portable_text_has_no_path_of_this_machine()
    {
        var portable = ConfigurationWriter.Write(Sample with { Folder = "/home/me" }, portable: true);
        Assert.That(portable, Does.Not.Contain("folder"));
        Assert.That(portable, Is.EqualTo(ConfigurationWriter.Write(Sample, portable: true)));
    }

    [Test]
    public void A_variant_begins_with_its_kind() =>
        Assert.That(ConfigurationWriter.Write(new Cosine(), portable: false), Is.EqualTo("kind: cosine\nfrom: 0\nto: 1\ncycles: 1\n"));

    [Test]
    public void What_has_no_keys_is_written_as_such_and_lists_of_lists_as_lists()
    {
        Assert.That(ConfigurationWriter.WriteInline(new Lamp { Wavelength = new(1e-6), Coherent = false }), Is.EqualTo("{ wavelength: 1 um, tilt: 0.5 rad, coherent: false, polarisation: none }"));
        Assert.That(ConfigurationWriter.WriteInline(new Nothing()), Is.EqualTo("{}"));
        Assert.That(ConfigurationWriter.Write(new Lists(), portable: false), Is.EqualTo("nested:\n  -\n    - kind: constant\n      from: 0\n  - []\nnone:\n  - {}\n"));
    }

    [Test]
    public void What_could_not_be_read_back_is_not_written() =>
        Assert.That(() => ConfigurationWriter.Write(new Cosine { To = double.NaN }, portable: false), Throws.ArgumentException);

    /// <summary>A record without keys.</summary>
    public sealed record Nothing;

    /// <summary>Lists whose elements are no words.</summary>
    public sealed record Lists
    {
        /// <summary>Lists of records.</summary>
        public Curve[][] Nested { get; init; } = [[new Flat()], []];

        /// <summary>Records without keys.</summary>
        public Nothing[] None { get; init; } = [new()];
    }
}
