using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every description of printable heights.</summary>
[TestFixtureSource(nameof(Kinds))]
public class LevelsLaws(string kind)
{
    private const int Layers = 2;

    private TemporaryFolder _folder = null!;

    private static IEnumerable<string> Kinds => Support.Kinds.Library.FamilyOf(typeof(LevelsKind)).Kinds.Select(kind => kind.Name);

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Every_layer_has_heights_that_ascend_from_0_or_above([Values(0, 0.03)] double extinction)
    {
        var experiment = Sample(extinction);
        var tables = experiment.Levels!;
        Assert.That(tables, Has.Count.EqualTo(Layers));
        Assert.That(experiment.Quantizer.Levels!.Misfit(Layers), Is.Null);
        var oneWave = experiment.Model.Material(experiment.Optics).OneWave.Metres;
        foreach (var table in tables)
        {
            var heights = table.Heights.ToArray();
            Assert.That(heights, Has.Length.EqualTo(table.Count));
            Assert.That(heights, Is.Ordered.Ascending.And.Unique.And.All.InRange(0, 1));
            if (table.Period is { } period)
                Assert.That((period, extinction), Is.EqualTo((oneWave, 0)), "a circle closes after one wave, and only without loss");
        }
    }

    /// <summary>The levels in a model's file make the same tables and need no other file.</summary>
    [Test]
    public void Written_down_it_stands_alone()
    {
        var experiment = Sample();
        var levels = experiment.Quantizer.Levels!.Inlined();
        Assert.That(OpenPaths.In(levels), Is.Empty);
        var tables = experiment.Levels!;
        var text = ConfigurationWriter.Write(experiment with { Quantizer = experiment.Quantizer with { Levels = levels } }, portable: true);
        Assert.That(text, Does.Not.Contain(_folder.Path));
        File.Delete(_folder.File("levels.csv"));
        AssertSame(ConfigurationReader.ReadPortable<Experiment>(text, "written.yaml", []).ValueOrThrow().Levels!, tables);
    }

    [Test]
    public void The_same_description_makes_the_same_tables() => AssertSame(Sample().Levels!, Sample().Levels!);

    /// <summary>In training and evaluation a pixel is on the level that lies nearest.</summary>
    [Test]
    public void Each_height_is_its_own_level()
    {
        foreach (var table in Sample().Levels!)
            Assert.That(table.Heights.ToArray().Select(table.PositionOf), Is.EqualTo(Enumerable.Range(0, table.Count).Select(i => (double)i)).Within(1e-9));
    }

    private Experiment Sample(double extinction = 0) =>
        SmallExperiment.With($"quantizer.levels={{ kind: {kind}, {Keys()} }}", FormattableString.Invariant($"model.mask.extinction={extinction}"));

    /// <summary>The keys of each kind. A new kind needs its line here.</summary>
    private string Keys()
    {
        var file = _folder.File("levels.csv");
        File.WriteAllText(file, "level,height_um,amplitude\n0,0,1\n1,210,0.9\n2,500,0.8\n");
        return kind switch
        {
            "cyclic" => "count: 5",
            "inclusive" => "count: 4, min: 0.1 mm, max: 0.9 mm",
            "list" => "heights: [0 um, 300 um, 310 um], amplitudes: [1, 0.9, 0.8], phases: [0 deg, 100 deg, -120 deg]",
            "measured" => $"file: {file}",
            "per_layer" => "default: { kind: cyclic, count: 3 }, layers: [ { which: \"2\", levels: { kind: inclusive, count: 2, max: 0.4 mm } } ]",
            _ => throw new NotSupportedException($"Give the levels '{kind}' their keys here."),
        };
    }

    private static void AssertSame(IReadOnlyList<LevelTable> actual, IReadOnlyList<LevelTable> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        foreach (var (one, other) in actual.Zip(expected))
        {
            Assert.That(one.Heights.ToArray(), Is.EqualTo(other.Heights.ToArray()));
            Assert.That(one.Amplitudes.ToArray(), Is.EqualTo(other.Amplitudes.ToArray()));
            Assert.That(one.Phases.ToArray(), Is.EqualTo(other.Phases.ToArray()));
            Assert.That(one.Period, Is.EqualTo(other.Period));
        }
    }
}
