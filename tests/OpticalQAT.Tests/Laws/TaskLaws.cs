using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every task, whatever it asks of the light.</summary>
[TestFixtureSource(nameof(Kinds))]
public class TaskLaws(string kind)
{
    private TorchSharp.DisposeScope _scope = null!;
    private Experiment _experiment = null!;
    private LearningTask _task = null!;
    private Dataset _data = null!;

    private static IEnumerable<string> Kinds => Support.Kinds.Library.FamilyOf(typeof(TaskKind)).Kinds.Select(kind => kind.Name);

    [SetUp]
    public void Make()
    {
        _scope = NewDisposeScope();
        _experiment = SmallModel.With(Keys(kind));
        _task = _experiment.Task.Build(_experiment.Optics);
        _data = _experiment.Task.Dataset.Load();
    }

    [TearDown]
    public void Remove()
    {
        _task.Dispose();
        _data.Dispose();
        _scope.Dispose();
    }

    private int Size => _experiment.Optics.Grid.Size;

    private Examples Five => _data.Test.Slice(0, 5);

    [Test]
    public void Examples_become_fields_of_the_plane_and_always_the_same_ones()
    {
        var field = _task.Encode(Five);
        Assert.That(field.shape, Is.EqualTo(new long[] { 5, Size, Size }));
        Assert.That(field.dtype, Is.EqualTo(ScalarType.ComplexFloat32));
        Assert.That(field.abs().isfinite().all().item<bool>(), Is.True);
        Assert.That(field.abs().square().sum([1, 2]).min().item<float>(), Is.Positive, "some light");
        using var again = _experiment.Task.Build(_experiment.Optics);
        Assert.That(Tensors.SameBits(view_as_real(again.Encode(Five)), view_as_real(field)), Is.True);
        Assert.That(Tensors.RelativeError(_task.Encode(Five.Slice(2, 3)), field.narrow(0, 2, 1)), Is.LessThan(1e-6), "each by itself");
        Assert.That(Tensors.RelativeError(field.narrow(0, 0, 1), field.narrow(0, 1, 1)), Is.GreaterThan(1e-3), "and others for others");
    }

    [Test]
    public void Every_example_has_a_target() => Assert.That(_task.Targets(Five).shape[0], Is.EqualTo(5));

    /// <summary>Along one direction of the field, in float32: to a few percent.</summary>
    [Test]
    public void The_loss_is_a_finite_number_and_its_gradient_matches_differences()
    {
        var (output, targets, entered) = Light(5, 1);
        var direction = Tensors.Normal(view_as_real(output).shape, 3, ScalarType.Float32);
        var parts = view_as_real(output).clone().requires_grad_(true);
        var loss = _task.Loss(new(view_as_complex(parts), entered), targets);
        Assert.That(loss.shape, Is.Empty);
        Assert.That(loss.item<float>(), Is.Not.NaN.And.InRange(-1e6, 1e6));
        loss.backward();
        Assert.That(parts.grad!.isfinite().all().item<bool>(), Is.True);
        foreach (var (name, parameter) in _task.named_parameters().Where(parameter => parameter.parameter.requires_grad))
            Assert.That(parameter.grad!.isfinite().all().item<bool>(), Is.True, name);

        const double Step = 1e-2;
        var slope = (parts.grad! * direction).sum().item<float>();
        using var untracked = no_grad();
        Assert.That(slope, Is.EqualTo((At(Step) - At(-Step)) / (2 * Step)).Within(3).Percent);

        double At(double step) => _task.Loss(new(view_as_complex(view_as_real(output) + direction * step), entered), targets).item<float>();
    }

    [Test]
    public void Darkness_has_a_finite_loss_and_finite_gradients()
    {
        var (output, targets, entered) = Light(5, 1);
        var parts = zeros_like(view_as_real(output)).requires_grad_(true);
        var loss = _task.Loss(new(view_as_complex(parts), entered), targets);
        loss.backward();
        Assert.That(loss.isfinite().item<bool>(), Is.True);
        Assert.That(parts.grad!.isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void A_measurement_has_the_loss_the_score_and_what_is_kept()
    {
        var light = Light(5, 1);
        var metrics = Measured(light);
        Assert.That(metrics.Keys, Is.EqualTo(_task.Metrics.Select(metric => metric.Name)).And.SupersetOf(_task.KeptScores.Append(Metric.Loss).Select(metric => metric.Name)));
        Assert.That(metrics.Values.Select(double.IsFinite), Is.All.True);
        Assert.That(_task.KeptScores, Does.Contain(_task.Score));
        Assert.That(metrics[Metric.Loss.Name], Is.EqualTo(_task.Loss(new(light.Output, light.Entered), light.Targets).item<float>()).Within(1e-5), "and the loss is that of training");
    }

    [Test]
    public void In_two_batches_the_same_is_measured_as_in_one()
    {
        var (output, targets, entered) = Light(5, 1);
        var one = Measured((output, targets, entered));
        var two = Measured(Part(0, 2), Part(2, 3));
        Assert.That(two.Keys, Is.EqualTo(one.Keys));
        foreach (var (name, value) in one)
            Assert.That(two[name], Is.EqualTo(value).Within(1e-5), name);

        (Tensor, Tensor, Tensor) Part(long start, long count) => (output.narrow(0, start, count), targets.narrow(0, start, count), entered.narrow(0, start, count));
    }

    [Test]
    public void What_refinement_asks_is_answered_for_each_example()
    {
        var (output, targets, entered) = Light(5, 1);
        var uncertainties = _task.Uncertainties(new(output, entered));
        Assert.That(uncertainties.shape, Is.EqualTo(new long[] { 5 }));
        Assert.That(uncertainties.min().to(ScalarType.Float64).item<double>(), Is.Not.Negative);
        var factors = _task.CurvatureFactors(new(output.narrow(0, 0, 1), entered.narrow(0, 0, 1)), targets.narrow(0, 0, 1));
        Assert.That(factors.shape, Has.Length.EqualTo(1));
        Assert.That(factors.isfinite().all().item<bool>(), Is.True);
    }

    /// <summary>Whatever the dataset holds, and where there is none, <c>validate</c> has a step to measure.</summary>
    [Test]
    public void Made_up_examples_pass_through()
    {
        var outlines = new[] { null, _experiment.Task.Dataset.Outline(DataRequest.All) };
        foreach (var examples in outlines.Select(outline => _task.TrialExamples(3, outline)))
        {
            var field = _task.Encode(examples);
            Assert.That(field.shape, Is.EqualTo(new long[] { 3, Size, Size }));
            var loss = _task.Loss(new(field, field.abs().square().sum([1, 2])), _task.Targets(examples));
            Assert.That(loss.isfinite().item<bool>(), Is.True);
        }
    }

    [Test]
    public void It_can_be_looked_at_before_there_are_data_and_its_own_data_fit()
    {
        Assert.That(_experiment.Task.Examine(_experiment.Optics).Where(finding => finding.IsError), Is.Empty);
        Assert.That(_experiment.Task.Sizes(_experiment.Optics).Select(size => size.Samples), Is.All.Positive);
        Assert.That(() => _task.CheckFits(_data), Throws.Nothing);
    }

    /// <summary>The task of each kind, with a loss that is a mean over the images (reversed_huber is none: its threshold is the batch's). A new kind needs its line here.</summary>
    private static string[] Keys(string kind) => kind switch
    {
        "classification" => ["task.readout={ kind: linear }"],
        "phase_imaging" => ["task={ kind: phase_imaging, object_samples: 12, loss: [ { kind: l1 }, { kind: mse, weight: 0.5 }, { kind: ssim } ], dataset: { kind: cells, pixels: 16, train_count: 12, validation_count: 10, test_count: 10 } }"],
        _ => throw new NotSupportedException($"Give the task '{kind}' its keys here."),
    };

    private (Tensor Output, Tensor Targets, Tensor Entered) Light(int count, ulong seed)
    {
        var output = Tensors.NormalField([count, Size, Size], seed).to(ScalarType.ComplexFloat32);
        return (output, _task.Targets(_data.Test.Slice(0, count)), output.abs().square().sum([1, 2]) * 1.5f);
    }

    private IReadOnlyDictionary<string, double> Measured(params (Tensor Output, Tensor Targets, Tensor Entered)[] batches)
    {
        using var measurement = _task.Measure();
        foreach (var (output, targets, entered) in batches)
            measurement.Add(new(output, entered), targets);
        return measurement.Result();
    }
}
