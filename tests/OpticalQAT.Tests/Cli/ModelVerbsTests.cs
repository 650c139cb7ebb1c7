using System.Text.Json;
using NUnit.Framework;

namespace OpticalQAT.Tests.Cli;

/// <summary><c>evaluate</c> and <c>quantize</c>, on a run that is trained once.</summary>
public sealed class ModelVerbsTests
{
    private static readonly string[] EvaluationFields = ["model", "task", "split", "levels", "metrics"];

    private TinyExperiment _tiny = null!;
    private CommandResult _trained = null!;
    private string _run = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _tiny = new TinyExperiment();
        _trained = _tiny.Run("train", "tiny.yaml", "--json");
        Assert.That(_trained.ExitCode, Is.Zero, _trained.Errors);
        _run = _tiny.Runs.Single();
    }

    [OneTimeTearDown]
    public void Remove() => _tiny.Dispose();

    [Test]
    public void EvaluateGivesExactlyTheSummarysTestMetrics([Values("", "model.safetensors")] string file)
    {
        var path = Path.Combine(_run, file);

        var evaluated = _tiny.Run("evaluate", path, "--json");

        Assert.That(evaluated.ExitCode, Is.Zero, evaluated.Errors);
        Assert.That(evaluated.Json.EnumerateObject().Select(field => field.Name), Is.EqualTo(EvaluationFields));
        Assert.That(evaluated.Json.GetProperty("model").GetString(), Is.EqualTo(path));
        Assert.That(evaluated.Json.GetProperty("split").GetString(), Is.EqualTo("test"));
        Assert.That(evaluated.Json.GetProperty("levels").GetArrayLength(), Is.EqualTo(2));
        Assert.That(Metrics(evaluated.Json, "metrics"), Is.EqualTo(Metrics(_trained.Json, "test")));
    }

    [Test]
    public void EvaluateTakesAnotherDataset()
    {
        var other = _tiny.Run("evaluate", _run, "task.dataset.seed=7", "--json");

        Assert.That(other.ExitCode, Is.Zero, other.Errors);
        Assert.That(Metrics(other.Json, "metrics"), Is.Not.EqualTo(Metrics(_trained.Json, "test")));
    }

    [TestCase("model.layers=3")]
    [TestCase("optics.wavelength=0.6 mm")]
    [TestCase("task.detector.gain=20")]
    [TestCase("task.datasets.seed=1")]
    public void EvaluateRefusesWhatBelongsToTheModel(string change)
    {
        var refused = _tiny.Run("evaluate", _run, change);

        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Errors, Does.Contain($"'{change.Split('=')[0]}' belongs to the model").And.Contain("task.dataset"));
    }

    [Test]
    public void EvaluateRefusesADamagedModel()
    {
        var damaged = Path.Combine(_tiny.Folder, "damaged.safetensors");
        File.WriteAllBytes(damaged, File.ReadAllBytes(Path.Combine(_run, "model.safetensors"))[..^8]);

        var refused = _tiny.Run("evaluate", damaged);

        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Errors, Does.Contain("damaged.safetensors").And.Not.Contain("   at "));
    }

    [Test]
    public void QuantizeWritesAModelThatScoresWhatItSaid()
    {
        var file = Path.Combine(_run, "model-3-levels.safetensors");

        var quantized = _tiny.Run("quantize", _run, "--levels", "3", "--json");
        var evaluated = _tiny.Run("evaluate", file, "--json");
        var again = _tiny.Run("quantize", _run, "--levels", "3");

        Assert.That(quantized.ExitCode, Is.Zero, quantized.Errors);
        Assert.That(quantized.Json.GetProperty("file").GetString(), Is.EqualTo(file));
        Assert.That(Metrics(quantized.Json.GetProperty("given"), "metrics"), Is.EqualTo(Metrics(_trained.Json, "test")));
        Assert.That(evaluated.Json.GetProperty("levels").EnumerateArray().Select(count => count.GetInt32()), Has.Exactly(2).Items.And.All.EqualTo(3));
        Assert.That(Metrics(evaluated.Json, "metrics"), Is.EqualTo(Metrics(quantized.Json, "post_training")));
        Assert.That(again.ExitCode, Is.EqualTo(2));
        Assert.That(again.Errors, Does.Contain("--force"));
    }

    [Test]
    public void QuantizeNamesWhatItCompares()
    {
        var file = Path.Combine(_tiny.Folder, "eight.safetensors");

        var quantized = _tiny.Run("quantize", Path.Combine(_run, "model.safetensors"), "--levels", "8", "--kind", "inclusive", "quantizer.levels.max=0.9 mm", "--out", file);

        Assert.That(quantized.ExitCode, Is.Zero, quantized.Errors);
        Assert.That(quantized.Output, Does.Contain("as given, 4 levels").And.Contain("rounded to 8 levels").And.Contain("Model: eight.safetensors"));
        Assert.That(Row("as given"), Does.Contain($"{Metrics(_trained.Json, "test")["loss"]:0.0000}"));
        Assert.That(Row("rounded"), Does.Not.Contain($"{Metrics(_trained.Json, "test")["loss"]:0.0000}"));
        Assert.That(File.Exists(file));

        string Row(string name) => quantized.Output.Split('\n').Single(line => line.TrimStart().StartsWith(name, StringComparison.Ordinal));
    }

    private static Dictionary<string, double> Metrics(JsonElement document, string name) =>
        document.GetProperty(name).EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetDouble(), StringComparer.Ordinal);
}
