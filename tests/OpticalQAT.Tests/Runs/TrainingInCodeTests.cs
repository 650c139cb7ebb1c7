using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Trust;
using OpticalQAT.Training;

namespace OpticalQAT.Tests.Runs;

/// <summary>Training and evaluation by a program that uses the library.</summary>
public sealed class TrainingInCodeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void An_experiment_is_trained_in_a_run_directory_of_its_own()
    {
        var experiment = Experiment();
        using var reference = new SmallRun($"output.folder={experiment.Output.Folder}");
        reference.Sit();

        var (directory, summary) = TrainingRun.Start(experiment, report: RunReport.Write);

        Assert.That(Path.GetDirectoryName(directory.Path), Is.EqualTo(Path.Combine(experiment.Output.Folder, "small")));
        Assert.That(File.ReadAllBytes(directory.ModelFile), Is.EqualTo(reference.Model));
        Assert.That(summary.Steps, Is.EqualTo(SmallRun.Steps));
        Assert.That(directory.IsFinished && File.Exists(directory.ReportFile), Is.True);
        Assert.That(File.ReadAllText(directory.ConfigurationFile), Is.EqualTo(ConfigurationWriter.Write(experiment, portable: false)));
    }

    [TestCase(7)]
    [TestCase(13)]
    public void A_run_that_was_cancelled_is_resumed_to_the_same_bytes(int step)
    {
        var experiment = Experiment();
        var whole = TrainingRun.Start(experiment).Directory;
        using var interruption = new CancellationTokenSource();
        var steps = 0;

        Assert.That(() => TrainingRun.Start(experiment, Watch, cancellation: interruption.Token), Throws.InstanceOf<OperationCanceledException>());
        var interrupted = RunDirectory.OfName(experiment.Output.Folder, "small").Single(run => !run.IsFinished);
        var (directory, _) = TrainingRun.Resume(interrupted);

        Assert.That(directory.Path, Is.EqualTo(interrupted.Path));
        Assert.That(steps, Is.EqualTo(step));
        Assert.That(File.ReadAllBytes(directory.ModelFile), Is.EqualTo(File.ReadAllBytes(whole.ModelFile)));

        void Watch(TrainingEvent happened)
        {
            if (happened is StepDone && ++steps == step)
                interruption.Cancel();
        }
    }

    [Test]
    public void An_experiment_that_cannot_be_computed_leaves_nothing_behind()
    {
        var experiment = Experiment() with { Quantizer = new OpticalQAT.Quantization.StraightThrough() };
        Assert.That(() => TrainingRun.Start(experiment), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("small: 'quantizer': the quantizer needs its level table"));
        Assert.That(Directory.Exists(experiment.Output.Folder), Is.False);
    }

    /// <summary>The digits are those of the model's own dataset, drawn elsewhere: the score is that of its file.</summary>
    [Test]
    public void A_model_is_evaluated_on_examples_that_a_program_has()
    {
        var file = _folder.File("m.safetensors");
        File.WriteAllBytes(file, SmallModel.Bytes());
        using var model = TrainedModel.Load(file, []);
        using var own = model.LoadData(Splits.Test);
        using var other = (((Glyphs)model.Experiment.Task.Dataset) with { Seed = 77 }).Load(new DataRequest(Splits.Test));

        var evaluation = Evaluation.Of("mine", model, own);

        Assert.That(evaluation.Model, Is.EqualTo("mine"));
        Assert.That(evaluation.Metrics, Is.EqualTo(Evaluation.Of(file, [], _ => { }).Metrics));
        Assert.That(evaluation.Levels, Is.EqualTo((int[])[4, 4]));
        Assert.That(Evaluation.Of("others", model, other).Metrics["loss"], Is.Not.EqualTo(evaluation.Metrics["loss"]));
    }

    private Experiment Experiment() => SmallModel.With($"output.folder={_folder.File("runs")}");
}
