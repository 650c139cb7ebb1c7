using System.Globalization;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Schedules;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Architecture;

/// <summary>Every number that a user may write has a range, and every extreme one is refused or does no harm.</summary>
public class RangeTests
{
    // Beyond these a double's, a float's or an integer's arithmetic has no meaning here.
    private const double Largest = 1e16;

    private static readonly string[] Extremes =
        [".nan", "NaN", ".inf", "-.inf", "Infinity", "-Infinity", "1e999", "1e308", "-1e308", "1e20", "-1e20", "9223372036854775807", "-9223372036854775808", "2147483647", "-2147483648", "1e-308", "-1e-308", "4.9e-324", "-1", "0"];

    private static IEnumerable<(Type Record, ConfigurationKey Key, ValueShape Leaf)> Numbers =>
        from record in Kinds.AllRecords()
        from key in Kinds.Library.ShapeOf(record).Keys
        let leaf = LeafOf(key.Shape)
        where IsNumber(leaf) || leaf.Type.IsAssignableTo(typeof(Schedule))
        select (record, key, leaf);

    [Test]
    public void Every_number_and_schedule_has_a_lowest_and_a_highest_value()
    {
        Assert.That(Numbers.Count(), Is.GreaterThan(120));
        var open = Numbers.Where(n => !n.Leaf.Bounds.Any(b => b is AtLeastAttribute or AboveAttribute) || !n.Leaf.Bounds.Any(b => b is AtMostAttribute or BelowAttribute));
        Assert.That(open.Select(n => $"{n.Record.Name}.{n.Key.Property.Name}"), Is.Empty);
        var wide = Numbers.Where(n => n.Leaf.Bounds.Any(b => !(Math.Abs(b.Limit) <= Largest)));
        Assert.That(wide.Select(n => $"{n.Record.Name}.{n.Key.Property.Name}"), Is.Empty);
    }

    [Test]
    public void Every_default_lies_in_its_range()
    {
        foreach (var (record, key, leaf) in Numbers.Where(n => n.Key.Default is not null))
        {
            foreach (var value in Values(key.Default!))
                Assert.That(leaf.Bounds.Where(b => !b.Allows(value)), Is.Empty, $"{record.Name}.{key.Property.Name} = {value}");
        }
    }

    [Test]
    public void An_extreme_number_is_refused_at_its_key_or_lies_in_its_range()
    {
        var (asked, refused) = (0, 0);
        foreach (var (record, key, leaf) in Numbers.Where(n => IsNumber(n.Leaf)))
        {
            foreach (var extreme in Extremes)
            {
                var text = extreme + UnitOf(leaf.Type);
                var errors = ErrorsOf(record, $"{{ {KindOf(record)}{key.Name}: {Nested(key.Shape, text)} }}").Where(e => e.Message.StartsWith($"'{key.Name}", StringComparison.Ordinal)).ToArray();
                asked++;
                if (errors.Length > 0)
                {
                    refused++;
                    Assert.That(errors[0].Message, Does.Contain("must be").Or.Contain("is wrong"), $"{record.Name}.{key.Name}: {text}");
                    continue;
                }
                var value = ScalarText.SizeOf(ScalarText.Read(text, leaf.Type, out _)!)!.Value;
                Assert.That(leaf.Bounds.Where(b => !b.Allows(value)), Is.Empty, $"{record.Name}.{key.Name}: {text} was taken");
                Assert.That(Math.Abs(value), Is.LessThanOrEqualTo(Largest), $"{record.Name}.{key.Name}: {text} was taken");
            }
        }
        TestContext.Out.WriteLine($"{asked} extremes, {refused} refused");
        Assert.That(refused, Is.GreaterThan(asked / 2));
    }

    [TestCase("quantizer={ kind: progressive_sigmoid, steepness: { kind: linear, from: 0, to: 10 } }", "'quantizer.steepness' must be at least 0.1 at all times, but falls to 0")]
    [TestCase("quantizer={ kind: progressive_sigmoid, steepness: { kind: constant, value: 0 } }", "'quantizer.steepness' must be at least 0.1 at all times, but is 0")]
    [TestCase("quantizer={ kind: progressive_sigmoid, steepness: { kind: linear, from: -5, to: 10 } }", "'quantizer.steepness.from' must be at least 0, but is -5")]
    [TestCase("quantizer={ kind: progressive_sigmoid, steepness: { kind: cosine, from: 2, to: 10, warm_up: 0.1 } }", "'quantizer.steepness' must be at least 0.1 at all times, but falls to 0")]
    [TestCase("quantizer={ kind: gumbel_softmax, temperature: { kind: linear, from: 2 } }", "'quantizer.temperature' must be at least 0.001 at all times, but falls to 0")]
    [TestCase("quantizer={ kind: gumbel_softmax, temperature: { kind: constant, value: -1 } }", "'quantizer.temperature.value' must be at least 0, but is -1")]
    [TestCase("quantizer={ kind: soft_tanh, alpha: { kind: list, values: [0.5, 1] } }", "'quantizer.alpha' must be at most 0.999 at all times, but rises to 1")]
    [TestCase("quantizer={ kind: incremental, share: { kind: steps, from: 0.5, factor: 4, milestones: [0.5] } }", "'quantizer.share' must be at most 1 at all times, but rises to 2")]
    [TestCase("training.quantized.optimizer={ kind: sgd, learning_rate: 1e38 }", "'training.quantized.optimizer.learning_rate' must be at most 1000000, but is 1e38")]
    [TestCase("training.quantized.optimizer.learning_rate=2000", "'learning_rate' must be at most 1000 for adam, but is 2000: in a step each height moves by about as many levels, however small its gradient is; for example 0.05")]
    [TestCase("optics.wavelength=1e308 m", "'optics.wavelength' must be at most 10 m, but is 1e308 m")]
    [TestCase("optics.wavelength=0 THz", "'optics.wavelength' must be at most 10 m, but is 0 THz")]
    [TestCase("optics.wavelength=-0.4 THz", "'optics.wavelength' must be at least 1 pm, but is -0.4 THz")]
    [TestCase("optics.wavelength=0.4 Thz", "'optics.wavelength' is wrong: 'Thz' is not a unit of a length; the units are pm, nm, um, mm, cm, m; a frequency may stand here as well, for example '0.4 THz'")]
    [TestCase("model.spacing.input=1e20 m", "'model.spacing.input' must be at most 1000 m, but is 1e20 m")]
    [TestCase("model.spacing.input=0.4 THz", "'model.spacing.input' is wrong: 'THz' is not a unit of a length; the units are pm, nm, um, mm, cm, m, and a frequency stands only in place of a wavelength")]
    [TestCase("optics.grid.pixel_pitch=1 pm", "the plane is 12 pm wide (12 samples of 1 pm), narrower than one wave of the light in the medium (0.75 mm), so that it can carry no image; a larger pixel_pitch, more samples, or another wavelength")]
    [TestCase("seed=-1", "'seed' must be at least 0, but is -1")]
    public void What_would_train_to_nothing_is_refused(string written, string message)
    {
        string[] overrides = written.StartsWith("quantizer=", StringComparison.Ordinal) ? [written, "quantizer.levels={ kind: cyclic, count: 4 }"] : [written];
        var errors = SmallExperiment.Read(overrides).Errors;
        Assert.That(errors.Select(e => e.Message), Is.EqualTo((string[])[message]));
    }

    [Test]
    public void A_frequency_stands_in_place_of_a_wavelength()
    {
        Assert.That(SmallExperiment.With("optics.wavelength=400 GHz").Optics.Wavelength, Is.EqualTo(new Length(299_792_458 / 4e11)));
        Assert.That(SmallExperiment.With("optics.spectrum=[{ wavelength: 0.4 THz }]").Optics.Spectrum[0].Wavelength.Metres, Is.EqualTo(0.749481145e-3).Within(1e-15));
    }

    [TestCase("0.5 pi")]
    [TestCase("90\u00b0")]
    [TestCase("0.25 turn")]
    [TestCase("pi/2")]
    public void An_angle_is_written_as_it_is_thought_of(string angle) =>
        Assert.That(((OpticalQAT.Optics.PhaseEncoding)((OpticalQAT.Tasks.Classification)SmallExperiment.With($"task.encoding={{ kind: phase, maximum: {angle} }}").Task).Encoding).Maximum.Radians, Is.EqualTo(Math.PI / 2).Within(1e-15));

    internal static ValueShape LeafOf(ValueShape shape) => shape.Element is { } element ? LeafOf(element) : shape;

    internal static bool IsNumber(ValueShape leaf) =>
        leaf.Type == typeof(int) || leaf.Type == typeof(long) || leaf.Type == typeof(double) || leaf.Type.IsAssignableTo(typeof(IQuantity));

    internal static string UnitOf(Type type) => type == typeof(Length) ? " m" : type == typeof(Angle) ? " rad" : string.Empty;

    internal static string Nested(ValueShape shape, string text) => shape.Form == ValueForm.List ? $"[{Nested(shape.Element!, text)}]" : text;

    private static string KindOf(Type record) => record.IsAssignableTo(typeof(Variant)) ? $"kind: {KindNames.Of((Variant)RecordShape.Create(record))}, " : string.Empty;

    private static IReadOnlyList<ConfigurationError> ErrorsOf(Type record, string text) =>
        (IReadOnlyList<ConfigurationError>)typeof(RangeTests).GetMethod(nameof(Errors), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(record).Invoke(null, [text])!;

    private static IReadOnlyList<ConfigurationError> Errors<T>(string text)
        where T : class => ConfigurationReader.Read<T>(text, "extreme.yaml", []).Errors;

    private static IEnumerable<double> Values(object value) => value switch
    {
        Schedule { Range: var (lowest, highest) } => [lowest, highest],
        Array array => array.Cast<object>().SelectMany(Values),
        IQuantity quantity => [quantity.SI],
        _ => [Convert.ToDouble(value, CultureInfo.InvariantCulture)],
    };
}
