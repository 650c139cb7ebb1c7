using System.Diagnostics;
using NUnit.Framework;
using OpticalQAT.Checks;
using OpticalQAT.Data;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Reports;
using OpticalQAT.Tests.Runs;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Training;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Trust;

/// <summary>Long work ends soon after it is asked to, in the middle.</summary>
public sealed class InterruptibleTests
{
    private static readonly TimeSpan Beginning = TimeSpan.FromMilliseconds(50);

    // Work of many seconds each; where nothing ends it, the test waits for it and fails.
    private static IEnumerable<TestCaseData> Makers() =>
    [
        new TestCaseData(new Glyphs { TrainCount = 400_000 }).SetArgDisplayNames("glyphs"),
        new TestCaseData(new Cells { TrainCount = 20_000, Pixels = 64 }).SetArgDisplayNames("cells"),
    ];

    [TestCaseSource(nameof(Makers))]
    public void Examples_in_the_making(DatasetKind dataset) =>
        AssertEndsSoon(cancellation => dataset.Load(new DataRequest(Splits.Train, cancellation)));

    [Test]
    public void Examples_that_become_fields()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With());
        var split = Many(400_000);
        AssertEndsSoon(cancellation =>
        {
            using var source = new ExampleFields(split, training.Network, training.Task, CPU, long.MaxValue, cancellation: cancellation);
        });
    }

    [Test]
    public void An_evaluation_and_what_is_fitted_to_a_read_out()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With());
        using var source = new ExampleFields(Many(400_000), training.Network, training.Task, CPU, memoryLimit: 0);
        AssertEndsSoon(cancellation => Evaluator.Evaluate(training.Network, training.Task, source, cancellation));
        AssertEndsSoon(cancellation => Evaluator.EvaluateSoft(training.Network, training.Task, source, cancellation: cancellation));
        using var imaging = SmallExperiment.With(FittedReadoutTests.Imaging).Task.Build(SmallExperiment.With().Optics);
        using var imaged = new ExampleFields(Many(400_000), training.Network, imaging, CPU, memoryLimit: 0);
        AssertEndsSoon(cancellation => FittedReadout.Improve(training.Network, imaging, imaged, cancellation));
    }

    [Test]
    public void The_parts_of_a_report()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With());
        var stopped = new CancellationToken(canceled: true);
        var input = training.Task.Encode(training.Fields.Data.Test.Slice(0, 2));
        Assert.That(() => SideView.Of(training.Network, input, stopped), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => FigureSet.Draw(SampleReport.Full(), stopped), Throws.InstanceOf<OperationCanceledException>());
        using var imaging = new SmallTraining(SmallExperiment.With(FittedReadoutTests.Imaging));
        Assert.That(() => FittedReadout.OfFreeSpace(imaging.Network, imaging.Task, imaging.Fields, stopped), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_report_that_is_interrupted_leaves_the_one_that_is_there()
    {
        using var run = new SmallRun();
        run.Sit();
        File.WriteAllText(run.Directory.ReportFile, "the report that is there");
        using var stored = StoredRun.Open(run.Directory, [], _ => { });
        Assert.That(() => RunReport.Write(stored, _ => { }, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.ReadAllText(run.Directory.ReportFile), Is.EqualTo("the report that is there"));
    }

    [Test]
    public void The_measuring_of_an_estimate() => Assert.That(
        () => Validation.Of(SmallExperiment.With(), cancellation: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    private static Examples Many(int count) => new(zeros([1, 28, 28], ScalarType.Byte).expand(count, 28, 28), zeros([count], ScalarType.Int64));

    private static void AssertEndsSoon(Action<CancellationToken> work)
    {
        using var stop = new CancellationTokenSource(Beginning);
        var clock = Stopwatch.StartNew();
        Assert.That(() => work(stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(clock.Elapsed, Is.GreaterThan(Beginning / 2), "it was to be in the middle of its work");
    }
}
