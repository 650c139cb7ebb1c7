using NUnit.Framework;

namespace OpticalQAT.Tests.Cli;

public sealed class MistakesTests
{
    private TinyExperiment _tiny = null!;

    [SetUp]
    public void MakeFolder() => _tiny = new TinyExperiment();

    [TearDown]
    public void NothingIsLeftBehind()
    {
        Assert.That(Directory.Exists(Path.Combine(_tiny.Folder, "runs")), Is.False, "a mistake must not leave a run directory");
        _tiny.Dispose();
    }

    [Test]
    public void AllMistakesOfAFileAreSaidAtOnce([Values("train", "validate")] string verb)
    {
        var wrong = TinyExperiment.Yaml.Replace("layers: 2", "layers: two", StringComparison.Ordinal)
            .Replace("count: 4", "count: 1", StringComparison.Ordinal)
            .Replace("wavelength: 0.75 mm", "wavelength: 0.75", StringComparison.Ordinal)
            .Replace("batch_size:", "batchsize:", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_tiny.Folder, "wrong.yaml"), wrong);

        var result = _tiny.Run(verb, "wrong.yaml", "seed=x");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors, Does.Contain("wrong.yaml:4:15: ").And.Contain("wrong.yaml:8:11: ").And.Contain("wrong.yaml:13:34: ")
            .And.Contain("wrong.yaml:19:3: ").And.Contain("override 'seed=x': "));
        Assert.That(result.Errors, Does.Not.Contain("   at "));
    }

    [TestCase("configuration file", "train", "nosuch.yaml")]
    [TestCase("needs a configuration", "train")]
    [TestCase("nosuch: there is no such run directory (looked for", "train", "--resume", "nosuch")]
    [TestCase("no such run directory or model file", "evaluate", "nosuch")]
    [TestCase("no such run directory or model file", "quantize", "nosuch", "--levels", "4")]
    [TestCase("--levels must be at least 2", "quantize", "nosuch", "--levels", "1")]
    [TestCase("--levels", "quantize", "nosuch")]
    [TestCase("no folder", "train", "tiny.yaml", "task.dataset={ kind: mnist, folder: nosuch }")]
    [TestCase("10 classes, the detector 9", "train", "tiny.yaml", "task.detector.regions=9")]
    [TestCase("training.start_from", "train", "tiny.yaml", "training.start_from=3")]
    [TestCase("model.mask.material_index", "train", "tiny.yaml", "model.mask.material_index=1")]
    [TestCase("3.5 mm is 4.667 printed pixels of 0.75 mm", "train", "tiny.yaml", "model.mask.size=3.5 mm")]
    [TestCase("60 mm is wider than the plane", "train", "tiny.yaml", "model.mask.size=60 mm")]
    [TestCase("odd number", "train", "tiny.yaml", "model.mask.size=3.75 mm")]
    [TestCase("two regions share samples", "train", "tiny.yaml", "task.detector.region_size=7.5 mm")]
    [TestCase("the plane is 24 mm wide; choose a smaller region_size", "train", "tiny.yaml", "task.detector.region_size=30 mm", "task.detector.region_spacing=31 mm")]
    [TestCase("10 classes, the detector 7; set task.detector.classes=10", "train", "tiny.yaml", "task.detector={ kind: differential_grid, classes: 7 }")]
    [TestCase("place its middle at most 3.75 mm from the axis", "train", "tiny.yaml", "task.encoding={ kind: amplitude, size: 16.5 mm, position: { x: 4.5 mm } }")]
    [TestCase("the aperture is 40 samples wide", "train", "tiny.yaml", "task.encoding={ kind: amplitude, aperture: { size: 30 mm } }")]
    [TestCase("'task.loss.efficiency.weight'", "train", "tiny.yaml", "task.loss={ efficiency: { target: 0.5 } }")]
    [TestCase("'task.loss.efficiency.target' must be at most 1", "train", "tiny.yaml", "task.loss={ efficiency: { weight: 1, target: 50 } }")]
    [TestCase("the kinds of readout are", "train", "tiny.yaml", "task.readout={ kind: network }")]
    [TestCase("the quantizer needs its level table", "train", "tiny.yaml", "quantizer={ kind: soft_tanh }")]
    [TestCase("'none' quantizes nothing", "train", "tiny.yaml", "quantizer={ kind: incremental, inner: { kind: none }, levels: { kind: cyclic, count: 4 } }")]
    [TestCase("the level table stands with the outer quantizer", "train", "tiny.yaml", "quantizer={ kind: incremental, inner: { kind: soft_tanh, levels: { kind: cyclic, count: 2 } }, levels: { kind: cyclic, count: 4 } }")]
    [TestCase("3 levels 0.5 mm apart, the first a wave above the last included, need 1.5 mm", "train", "tiny.yaml", "quantizer={ kind: learned_levels, minimum_spacing: 0.5 mm, levels: { kind: cyclic, count: 3 } }")]
    [TestCase("beyond what the process can make", "train", "tiny.yaml", "quantizer={ kind: learned_levels, minimum_spacing: 1 um, highest: 0.5 mm, levels: { kind: inclusive, count: 3, max: 0.7 mm } }")]
    [TestCase("would learn nothing", "train", "tiny.yaml", "quantizer={ kind: gumbel_softmax, switch_on: { kind: share }, levels: { kind: cyclic, count: 3 } }")]
    [TestCase("there is no level table 'nosuch.csv'", "train", "tiny.yaml", "quantizer.levels={ kind: measured, file: nosuch.csv }")]
    [TestCase("rises to its last", "train", "tiny.yaml", "quantizer={ kind: progressive_sigmoid, learnt: {}, steepness: { kind: constant, value: 4 }, levels: { kind: cyclic, count: 3 } }")]
    [TestCase("no family 'colour'", "kinds", "colour")]
    [TestCase("no option --bogus", "train", "--bogus")]
    [TestCase("Usage: opticalqat --help", "trian")]
    [TestCase("Usage: opticalqat --help")]
    public void AWrongCommandExitsWith2AndSaysWhy(string because, params string[] words)
    {
        var result = _tiny.Run(words);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors, Does.Contain(because).IgnoreCase.And.Not.Contain("   at "));
    }
}
