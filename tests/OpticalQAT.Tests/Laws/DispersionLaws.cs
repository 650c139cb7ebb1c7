using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every dispersion, between the wavelengths that it knows and outside of them.</summary>
[TestFixtureSource(nameof(Kinds))]
public class DispersionLaws(DispersionKind kind)
{
    private static IEnumerable<TestFixtureData> Kinds() =>
        Support.Kinds.Of<DispersionKind>().Select(kind => new TestFixtureData(Sample(kind).Kind).SetArgDisplayNames(kind.GetType().Name));

    [Test]
    public void Within_its_range_an_index_can_be_told()
    {
        foreach (var wavelength in Wavelengths(1000))
        {
            Assert.That(kind.ProblemAt(wavelength), Is.Null);
            if (kind.At(wavelength) is not { } index)
                continue;
            Assert.That(index.Index, Is.InRange(1, 10), $"at {wavelength}");
            Assert.That(index.Extinction ?? 0, Is.InRange(0, 10), $"at {wavelength}");
        }
        Assert.That(Wavelengths(10).Select(wavelength => kind.At(wavelength) is null).Distinct(), Has.Exactly(1).Items, "it says something everywhere, or nothing");
    }

    /// <summary>Between twice as many wavelengths the index changes in half as large steps; a jump would stay as large.</summary>
    [Test]
    public void The_index_changes_without_a_jump()
    {
        Assert.That(LargestStep(4000, index => index.Index), Is.LessThanOrEqualTo(0.6 * LargestStep(2000, index => index.Index)));
        Assert.That(LargestStep(4000, index => index.Extinction ?? 0), Is.LessThanOrEqualTo(0.6 * LargestStep(2000, index => index.Extinction ?? 0)));
    }

    [Test]
    public void Outside_its_range_it_says_so_and_names_the_wavelength()
    {
        foreach (var wavelength in Sample(kind).Outside)
            Assert.That(kind.ProblemAt(wavelength), Does.Contain($"{wavelength}"));
    }

    /// <summary>Of each kind one with its keys, and wavelengths that it cannot tell of. A new kind needs its line here.</summary>
    private static (DispersionKind Kind, Length[] Outside) Sample(DispersionKind kind) => kind switch
    {
        NoDispersion none => (none, []),
        SellmeierDispersion sellmeier => (sellmeier with
        {
            Terms = [new() { Strength = 0.7, Resonance = new(0.07e-6) }, new() { Strength = 0.9, Resonance = new(9.9e-6) }],
        }, [new(0.06e-6), new(9.9e-6)]),
        TabulatedDispersion table => (table with
        {
            Values =
            [
                new() { Wavelength = new(0.4e-6), Index = 1.6, Extinction = 0.02 }, new() { Wavelength = new(0.55e-6), Index = 1.5, Extinction = 0.03 },
                new() { Wavelength = new(0.9e-6), Index = 1.45, Extinction = 0 },
            ],
        }, [new(0.39e-6), new(0.91e-6)]),
        _ => throw new NotSupportedException($"Give {kind.GetType().Name} its keys here."),
    };

    private static IEnumerable<Length> Wavelengths(int count) =>
        Enumerable.Range(0, count + 1).Select(i => Length.Min(new Length(0.4e-6) + new Length(0.5e-6) * i / count, new Length(0.9e-6)));

    private double LargestStep(int count, Func<RefractiveIndex, double> part)
    {
        var values = Wavelengths(count).Select(wavelength => kind.At(wavelength) is { } index ? part(index) : 0).ToArray();
        return values.Zip(values.Skip(1), (a, b) => Math.Abs(b - a)).Max();
    }
}
