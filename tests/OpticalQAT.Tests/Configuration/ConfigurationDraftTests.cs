using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using OpticalQAT.Schedules;
using OpticalQAT.Tests.Cli;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Configuration;

public sealed class ConfigurationDraftTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void APieceReplacesWhatItSaysAndKeepsTheRest()
    {
        var experiment = Draft(TinyExperiment.Yaml).With(Piece("with: { optics: { grid: { size: 48 } }, training: { quantized: { epochs: 7 } } }")).Read<Experiment>().ValueOrThrow();

        Assert.That(experiment.Optics.Grid.Size, Is.EqualTo(48));
        Assert.That(experiment.Optics.Wavelength.Metres, Is.EqualTo(0.75e-3));
        Assert.That(experiment.Training.Quantized.Epochs, Is.EqualTo(7));
        Assert.That(experiment.Training.FullPrecision.Epochs, Is.EqualTo(1));
    }

    [Test]
    public void AnotherKindTakesThePlaceOfTheWholeMapping_TheSameKindIsLaidOver()
    {
        var draft = Draft(TinyExperiment.Yaml);

        var other = draft.With(Piece("with: { quantizer: { levels: { kind: inclusive, count: 3, max: 1 mm } } }")).Read<Experiment>().ValueOrThrow();
        var same = draft.With(Piece("with: { quantizer: { kind: straight_through, gradient: height } }")).Read<Experiment>().ValueOrThrow();

        Assert.That(other.Quantizer.Levels, Is.EqualTo(new InclusiveLevels { Count = 3, Max = new(1e-3) }));
        Assert.That(same.Quantizer, Is.EqualTo(new StraightThrough { Gradient = GradientDomain.Height, Levels = new CyclicLevels { Count = 4 } }));
    }

    [Test]
    public void ADraftIsNotChangedByWhatIsMadeOfIt()
    {
        var draft = Draft(TinyExperiment.Yaml);
        _ = draft.Put("quantizer.levels.count", 9, default).With(Piece("with: { seed: 5 }")).Read<Experiment>().ValueOrThrow();

        var experiment = draft.Read<Experiment>().ValueOrThrow();

        Assert.That(((CyclicLevels)experiment.Quantizer.Levels!).Count, Is.EqualTo(4));
        Assert.That(experiment.Seed, Is.EqualTo(1));
    }

    [Test]
    public void NothingToPutChangesNothing_AndTextStaysText()
    {
        var draft = Draft(TinyExperiment.Yaml);

        Assert.That(draft.Put("seed", null), Is.SameAs(draft));
        Assert.That(draft.With(null), Is.SameAs(draft));
        Assert.That(draft.Put("name", "null", default).Read<Experiment>().ValueOrThrow().Name, Is.EqualTo("null"));
        Assert.That(draft.Put("seed", Piece("with: { x: 1 }")).Read<Experiment>().Errors.Single().Message, Does.StartWith("'seed' must be an integer, but is a mapping"));
    }

    [Test]
    public void AnErrorNamesTheLineThatItsPieceWasWrittenOn()
    {
        var errors = Draft(TinyExperiment.Yaml).With(Piece("\n\nwith:\n  training: { batch_size: none }\n")).Read<Experiment>().Errors;

        Assert.That(errors.Single().ToString(), Does.Contain("piece.yaml:4:27: 'training.batch_size' must be an integer, but is 'none'"));
    }

    [Test]
    public void ARecordIsTakenAsItIs_WithinTheBoundsOfItsPlace()
    {
        var table = new ListedLevels { Heights = [new(0), new(2e-4), new(5e-4)] };
        var place = Place.OfOverride("here");

        var experiment = Draft(TinyExperiment.Yaml).Put("quantizer.levels", table, place).Put("training.quantized.schedule", new Constant { Value = 0.5 }, place).Read<Experiment>().ValueOrThrow();
        var beyond = Draft(TinyExperiment.Yaml).Put("training.quantized.schedule", new Constant { Value = -1 }, place).Read<Experiment>().Errors;
        var misplaced = Draft(TinyExperiment.Yaml).Put("quantizer", table, place).Read<Experiment>().Errors;

        Assert.That(experiment.Quantizer.Levels, Is.SameAs(table));
        Assert.That(experiment.Training.Quantized.Schedule, Is.EqualTo(new Constant { Value = 0.5 }));
        Assert.That(beyond.Single().ToString(), Does.StartWith("override 'here': 'training.quantized.schedule' must be"));
        Assert.That(misplaced.Single().ToString(), Does.StartWith("override 'here': 'quantizer' must be a mapping with the key 'kind', but is a record"));
    }

    [Test]
    public void WhatIsNoMappingIsNoDraft()
    {
        List<ConfigurationError> errors = [];

        Assert.That(ConfigurationDraft.OfFile(Written("list.yaml", "- 1\n- 2\n"), errors), Is.Null);
        Assert.That(errors.Single().Message, Is.EqualTo("a mapping of keys was expected, but this is a list"));
    }

    private ConfigurationDraft Draft(string yaml) => ConfigurationDraft.OfFile(Written("base.yaml", yaml), [])!;

    private ConfigurationPiece Piece(string yaml) =>
        ConfigurationReader.ReadFile<WithPiece>(Written("piece.yaml", yaml), []).ValueOrThrow().With!;

    private string Written(string name, string yaml)
    {
        File.WriteAllText(_folder.File(name), yaml);
        return _folder.File(name);
    }

    /// <summary>A file with a piece.</summary>
    public sealed record WithPiece
    {
        /// <summary>The piece.</summary>
        public ConfigurationPiece? With { get; init; }
    }
}
