using System.Reflection;
using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Training;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

/// <summary>The library's demands on a task, met by one that it does not know.</summary>
public sealed class OwnTaskTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        var unknown = new Metric("colour", MetricUnit.Number, HigherIsBetter: true);
        yield return new TestCaseData((Metric[])[FocusingTask.Missed, FocusingTask.Brightness, unknown], "does not return the metric 'colour', which the task declares; return it, or take it out of Metrics").SetArgDisplayNames("forgotten");
        yield return new TestCaseData((Metric[])[FocusingTask.Missed], "returns the metric 'brightness', and the task does not declare it so; add it to Metrics, with the same unit and direction").SetArgDisplayNames("surplus");
        yield return new TestCaseData((Metric[])[FocusingTask.Missed, FocusingTask.Brightness with { HigherIsBetter = false }], "returns the metric 'brightness', and the task does not declare it so; add it to Metrics, with the same unit and direction").SetArgDisplayNames("of another direction");
        yield return new TestCaseData((Metric[])[FocusingTask.Brightness], "does not return the metric 'missed', which the task keeps as a score; add it to Metrics, or choose another score").SetArgDisplayNames("no score");
        yield return new TestCaseData((Metric[])[FocusingTask.Missed, FocusingTask.Brightness, FocusingTask.Missed with { HigherIsBetter = true }], "would return two metrics 'missed'; each name stands for one").SetArgDisplayNames("twice");
    }

    /// <summary>The first measurement is made before the first step: whoever writes a task does not train for nothing.</summary>
    [TestCaseSource(nameof(Mistakes))]
    public void A_contradiction_is_found_before_the_first_step(Metric[] declared, string message)
    {
        using var training = new SmallTraining(Experiment() with { Task = new Focusing { Dataset = Data, Declared = declared } });
        Assert.That(() => training.Run(), Throws.InvalidOperationException.With.Message.EqualTo($"the measurement of the task FocusingTask {message}"));
        Assert.That(training.Losses, Is.Empty);
    }

    [Test]
    public void The_loss_stands_where_the_task_declares_it_and_otherwise_last()
    {
        Assert.That(Keys([FocusingTask.Missed, FocusingTask.Brightness]), Is.EqualTo((string[])["missed", "brightness", "loss"]));
        Assert.That(Keys([FocusingTask.Brightness, Metric.Loss, FocusingTask.Missed]), Is.EqualTo((string[])["brightness", "loss", "missed"]));

        static IEnumerable<string> Keys(Metric[] declared)
        {
            using var training = new SmallTraining(Experiment() with { Task = new Focusing { Dataset = Data, Declared = declared } });
            using var measured = Evaluator.Evaluate(training.Network, training.Task, training.Fields.Validation);
            return measured.Result().Keys;
        }
    }

    [Test]
    public void Where_lower_is_better_the_lowest_is_the_best()
    {
        using var training = new SmallTraining(Experiment()).Run();
        double[] missed = [.. training.Epochs.Select(epoch => epoch.Validation["missed"])];
        Assert.That(training.Trainer.State.BestValidation!["missed"], Is.EqualTo(missed.Min()));
        Assert.That(missed.Min(), Is.LessThan(missed[0]));
    }

    /// <summary>Rounding, its offsets, the result and the report: a whole run, whose score falls.</summary>
    [Test]
    public void A_whole_run_with_its_report()
    {
        using var folder = new TemporaryFolder();
        var experiment = Experiment();
        using var inputs = new TrainingInputs(Data.Load(), null);
        var directory = RunDirectory.Create(folder.Path, experiment.Name, new DateTime(2026, 11, 23, 14, 15, 2), ConfigurationWriter.Write(experiment, portable: false));
        var summary = new TrainingRun(experiment, inputs, directory, _ => { }, RunReport.Write).Execute(default);

        Assert.That(summary.Validation.Keys, Is.EqualTo((string[])["missed", "loss"]));
        Assert.That(summary.Validation["missed"], Is.EqualTo(Epochs(directory).Min()));
        Assert.That(File.ReadAllText(directory.ReportFile), Does.Contain("Missed").And.Not.Contain("Light through the stack"));
        Assert.That(SafetensorsFile.Read(directory.ModelFile).Tensors.Keys, Does.Contain("readout.seen"));

        static IEnumerable<double> Epochs(RunDirectory directory) => File.ReadLines(directory.MetricsFile).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("phase").GetString() is "quantized").Select(line => line.GetProperty("validation").GetProperty("missed").GetDouble());
    }

    /// <summary>A training that stops within an epoch and goes on in other objects ends in the same bits, which depend on the buffer.</summary>
    [Test]
    public void A_buffer_is_in_the_state_that_a_training_resumes_from()
    {
        using var whole = new SmallTraining(Experiment()).Run();
        using var broken = new SmallTraining(Experiment());
        using var interruption = new CancellationTokenSource();
        Assert.That(() => broken.Run(happened => { if (happened is StepDone { Epoch: 2, Step: 2 }) interruption.Cancel(); }, cancellation: interruption.Token), Throws.InstanceOf<OperationCanceledException>());

        using var resumed = new SmallTraining(Experiment());
        using (var state = ModelState.Of(broken.Network, broken.Task))
            state.Restore(resumed.Network, resumed.Task);
        Assert.That(Seen(resumed), Is.EqualTo(Seen(broken)).And.Not.EqualTo(1));
        resumed.Trainer.OptimizerState = broken.Trainer.OptimizerState;
        resumed.Trainer.State = new PhaseState
        {
            Epoch = broken.Trainer.State.Epoch,
            Step = broken.Trainer.State.Step,
            LossSum = broken.Trainer.State.LossSum,
            BestValidation = broken.Trainer.State.BestValidation,
            Best = ModelState.From(broken.Trainer.State.Best!.Tensors.ToDictionary(each => each.Key, each => each.Value.clone(), StringComparer.Ordinal)),
        };
        resumed.Run();

        using var expected = ModelState.Of(whole.Network, whole.Task);
        using var actual = ModelState.Of(resumed.Network, resumed.Task);
        Assert.That(actual.Tensors.Keys, Is.EqualTo(expected.Tensors.Keys));
        Assert.That(expected.Tensors.Keys, Does.Contain("task.seen"));
        foreach (var (name, tensor) in expected.Tensors)
            Assert.That(Tensors.SameBits(actual.Tensors[name], tensor), Is.True, name);

        static float Seen(SmallTraining training) => training.Task.named_buffers().Single().buffer.item<float>();
    }

    [Test]
    public void Made_up_examples_are_such_as_the_dataset_says()
    {
        using var scope = NewDisposeScope();
        using var task = Experiment().Task.Build(Experiment().Optics);
        var unknown = task.TrialExamples(3, outline: null);
        var images = task.TrialExamples(3, new DatasetOutline { Train = new SplitOutline(100, 20, 30) });
        var phases = task.TrialExamples(3, new DatasetOutline { Train = new SplitOutline(100, 20, 30, BytesPerPixel: 8) });

        Assert.That((unknown.Images.shape, unknown.Images.dtype), Is.EqualTo((new long[] { 3, 28, 28 }, ScalarType.Byte)));
        Assert.That((images.Images.shape, images.HasPhases, images.Amplitudes), Is.EqualTo((new long[] { 3, 20, 30 }, false, (Tensor?)null)));
        Assert.That((phases.HasPhases, phases.Amplitudes!.shape), Is.EqualTo((true, new long[] { 3, 20, 30 })));
        Assert.That(images.Count, Is.EqualTo(3));
    }

    /// <summary>Two values of a metric are compared by its direction alone.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void A_metric_knows_its_direction(bool higher)
    {
        var metric = new Metric("any", MetricUnit.Number, higher);
        var (better, worse) = higher ? (0.7, 0.2) : (0.2, 0.7);
        Assert.That((metric.IsBetter(better, worse), metric.IsBetter(worse, better), metric.IsBetter(worse, worse)), Is.EqualTo((true, false, false)));
        Assert.That((metric.Reaches(better, worse), metric.Reaches(worse, better), metric.Reaches(worse, worse)), Is.EqualTo((true, false, true)));
        Assert.That(metric.Gain(better, worse), Is.EqualTo(0.5).Within(1e-12));
        Assert.That(metric.Merit(better), Is.GreaterThan(metric.Merit(worse)));
        Assert.That(metric.IsBetter(0.5, double.NaN) || metric.IsBetter(double.NaN, 0.5), Is.False);
    }

    /// <summary>Whatever must or can be overridden, and whatever begins an object, an author outside the assembly reaches.</summary>
    [Test]
    public void Nothing_that_an_author_must_override_is_hidden()
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var open = typeof(LearningTask).Assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsSealed: false, Namespace: "OpticalQAT.Tasks" }).ToArray();
        Assert.That(open, Is.SupersetOf(new[] { typeof(LearningTask), typeof(Measurement), typeof(TaskKind), typeof(ReadoutKind), typeof(Readout), typeof(ImagingLossKind), typeof(LightTerm) }));
        var hidden =
            from type in open
            from member in type.GetMethods(Own).Where(method => method is { IsVirtual: true, IsFinal: false }).Cast<MethodBase>()
            where !member.IsPublic && !member.IsFamily && !member.IsFamilyOrAssembly
            select $"{type.Name}.{member.Name}";
        var closed = open.Where(type => !type.GetConstructors(Own).Any(start => start.IsPublic || start.IsFamily || start.IsFamilyOrAssembly)).Select(type => type.Name);
        Assert.That(hidden.Concat(closed), Is.Empty);
    }

    private static Glyphs Data => new() { TrainCount = 60, ValidationCount = 30, TestCount = 30 };

    private static Experiment Experiment() => SmallExperiment.With() with { Task = new Focusing { Dataset = Data } };
}
