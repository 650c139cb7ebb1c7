using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Quantization;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Models;

/// <summary>
/// A model that was trained on a dataset of any kind, as a file and in its run's directory, in every verb that takes one:
/// without its dataset, with it in another place, with another kind, and with no more files than the verb needs.
/// </summary>
[TestFixtureSource(typeof(TinySet), nameof(TinySet.Kinds))]
public sealed class ModelAloneTests(string kind)
{
    private static readonly string[] Short = ["training.full_precision.epochs=1", "training.quantized.epochs=0"];

    private TemporaryFolder _folder = null!;
    private TinySet _set = null!;
    private RunDirectory _run = null!;
    private Summary _summary = null!;
    private string _file = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        _set = TinySet.Of(kind);
        var experiment = SmallModel.With([.. _set.Overrides, .. Short]);
        using var inputs = TrainingInputs.Read(experiment);
        _run = RunDirectory.Create(_folder.Path, experiment.Name, DateTime.Now, ConfigurationWriter.Write(experiment, portable: false));
        _summary = new TrainingRun(experiment, inputs, _run, _ => { }).Execute(default);
        _file = _folder.File("alone.safetensors");
        File.Copy(_run.ModelFile, _file);
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _set.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void It_is_evaluated_on_the_test_split_alone([Values] bool ofRun)
    {
        using var other = Copy(Splits.Test);
        Assert.That(Evaluation.Of(Model(ofRun), other.Named, _ => { }).Metrics, Is.EqualTo(_summary.Test));
    }

    /// <summary>A run knows where its examples lie; a file does not, unless they are drawn, and says which key is to be set.</summary>
    [Test]
    public void Without_an_override_it_is_evaluated_or_says_what_to_give([Values] bool ofRun)
    {
        if (ofRun || _set.Folder is null)
            Assert.That(Evaluation.Of(Model(ofRun), [], _ => { }).Metrics, Is.EqualTo(_summary.Test));
        else if (kind is "mnist")
            Assert.That(() => Evaluation.Of(_file, [], _ => { }), Throws.TypeOf<DataException>().With.Message.Contains("task.dataset.folder"));
        else
            Assert.That(() => Evaluation.Of(_file, [], _ => { }), Throws.TypeOf<DataException>().With.Message.EqualTo("the model does not say where its examples lie; give them with task.dataset.folder=FOLDER"));
    }

    [Test]
    public void It_is_evaluated_on_a_dataset_of_another_kind([Values] bool ofRun)
    {
        using var other = TinySet.Of(_set.Partner);
        other.Keep(Splits.Test);
        var metrics = Evaluation.Of(Model(ofRun), [other.AsAnother], _ => { }).Metrics;
        Assert.That(metrics.Keys, Is.EqualTo(_summary.Test.Keys));
        Assert.That(metrics["loss"], Is.Not.EqualTo(_summary.Test["loss"]));
    }

    [Test]
    public void It_is_rounded_on_validation_and_test_alone([Values] bool ofRun)
    {
        using var other = Copy(Splits.Validation | Splits.Test);
        using var rounding = ModelRounding.Of(Model(ofRun), new CyclicLevels { Count = 3 }, other.Named, _ => { });
        Assert.That(rounding.Before.Metrics, Is.EqualTo(_summary.Test));
        var file = _folder.File($"rounded-{ofRun}.safetensors");
        rounding.Rounded.Save(file);
        Assert.That(Evaluation.Of(file, other.Named, _ => { }).Metrics, Is.EqualTo(rounding.After.Metrics));
        using var again = TrainedModel.Load(file, []);
        Assert.That(again.ClassNames, Is.EqualTo(rounding.Rounded.ClassNames));
    }

    [Test]
    public void It_meets_fabrication_errors_on_the_test_split_alone([Values] bool ofRun)
    {
        using var other = Copy(Splits.Test);
        File.WriteAllText(_folder.File("plan.yaml"), "sweeps: [{ error: { kind: lateral_shift, amount: 1 mm }, strengths: [1], devices: 1 }]");
        using var scores = new DeviceScores(_folder.File($"measured-{ofRun}.jsonl"));
        var result = new RobustnessStudy("plan", RobustnessPlan.Read(_folder.File("plan.yaml")), scores, _ => { }).Execute([Model(ofRun)], other.Named, _ => { }, default);
        Assert.That(result.Runs.Single().Nominal[result.Score.Name], Is.EqualTo(_summary.Test[result.Score.Name]).Within(1e-6));
    }

    [Test]
    public void Its_run_is_reported_on_the_test_split_alone()
    {
        using var other = Copy(Splits.Test);
        using (var stored = StoredRun.Open(_run, other.Named, _ => { }))
            RunReport.Write(stored, _ => { });
        var page = File.ReadAllText(_run.ReportFile);
        Assert.That(page, Does.Contain("trained on").And.Not.Contain("they are others than the run").And.Contain("to choose by"));
    }

    /// <summary>Neither of the model's own examples nor of where they lay anything is left.</summary>
    [Test]
    public void Training_starts_from_it_without_its_dataset([Values] bool ofRun)
    {
        using var old = TinySet.Of(kind);
        var run = _folder.File($"moved-{ofRun}");
        Directory.CreateDirectory(run);
        File.Copy(_run.ModelFile, Path.Combine(run, "model.safetensors"));
        File.WriteAllText(Path.Combine(run, "config.yaml"), File.ReadAllText(_run.ConfigurationFile).Replace(_set.Folder ?? "?", _folder.File("nowhere"), StringComparison.Ordinal));
        var experiment = SmallModel.With($"training.start_from={(ofRun ? run : _file)}");

        using (var inputs = TrainingInputs.Read(experiment))
            Assert.That(inputs.Start, Is.Not.Null);
        using var shared = new SharedInputs();
        using (var start = shared.For(ComparisonCell.OfStart(_folder.Path, experiment, 1), default).Start)
            Assert.That(start, Is.Not.Null);
    }

    /// <summary>The work of an evaluation does not grow with what it has no use for.</summary>
    [Test]
    public void Examples_that_are_not_used_are_not_drawn([Values] bool ofRun)
    {
        if (_set.Folder is not null)
            return;
        using var warm = TrainedModel.Load(_file, []);
        var allocated = GC.GetTotalAllocatedBytes();
        var metrics = Evaluation.Of(Model(ofRun), ["task.dataset.train_count=1000000", "task.dataset.validation_count=1000000"], _ => { }).Metrics;
        Assert.That(metrics, Is.EqualTo(_summary.Test));
        Assert.That(GC.GetTotalAllocatedBytes() - allocated, Is.LessThan(100_000_000));
    }

    [Test]
    public void Its_file_has_the_names_of_its_classes()
    {
        using var model = TrainedModel.Load(_file, []);
        using var data = SmallModel.With(_set.Overrides).Task.Dataset.Load();
        Assert.That(model.ClassNames, Is.EqualTo(data.ClassNames.Length == 0 ? null : data.ClassNames));
    }

    private string Model(bool ofRun) => ofRun ? _run.Path : _file;

    /// <summary>The same examples in another place, as far as they are needed.</summary>
    private TinySet Copy(Splits splits)
    {
        var copy = TinySet.Of(kind);
        copy.Keep(splits);
        return copy;
    }
}
