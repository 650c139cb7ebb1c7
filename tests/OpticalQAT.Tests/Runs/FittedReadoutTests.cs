using NUnit.Framework;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Training;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Runs;

public class FittedReadoutTests
{
    internal const string Imaging = "task={ kind: phase_imaging, object_samples: 12, dataset: { kind: cells, pixels: 16, train_count: 32, validation_count: 16, test_count: 16 } }";

    /// <summary>A read-out that expects a thousand times the light shows nothing; the fitted one takes its place, and one that is good already stays.</summary>
    [Test]
    public void A_rounded_model_gets_the_better_read_out()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With(Imaging));
        using var faint = Faint();
        var before = Score(training, faint);
        FittedReadout.Improve(training.Network, faint, training.Fields.Validation);
        var after = Score(training, faint);
        Assert.That(after, Is.GreaterThan(before + 0.01));
        FittedReadout.Improve(training.Network, faint, training.Fields.Validation);
        Assert.That(Score(training, faint), Is.EqualTo(after).Within(1e-6));
    }

    [Test]
    public void Free_space_is_the_network_without_its_masks()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With(Imaging, "quantizer={ kind: none }", "model.mask.initial=flat"));
        var input = Tensors.NormalField([2, 12, 12], 3).to(ScalarType.ComplexFloat32);
        training.Network.eval();
        using (no_grad())
            training.Network.Masks.Position.zero_();
        var field = training.Network.ToFirstMask(input);
        Assert.That(Tensors.RelativeError(training.Network.WithoutMasks(field), training.Network.FromFirstMask(field)), Is.LessThan(1e-6));
        var floor = FittedReadout.OfFreeSpace(training.Network, training.Task, training.Fields)!;
        Assert.That(floor["ssim"], Is.InRange(-1, 1));
    }

    [Test]
    public void The_read_out_of_free_space_is_fitted_to_the_training_split()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var training = new SmallTraining(SmallExperiment.With(Imaging));
        var (network, examples) = (training.Network, training.Fields);
        using var fitted = training.Task.FittedTo(examples.Train.InOrder(32).Select(batch => (batch.At(network.WithoutMasks(batch.Fields)), batch.Targets)))!;
        using var measurement = fitted.Measure();
        var test = examples.Test.InOrder(16).Single();
        measurement.Add(test.At(network.WithoutMasks(test.Fields)), test.Targets);
        Assert.That(FittedReadout.OfFreeSpace(network, training.Task, examples)!["l1"], Is.EqualTo(measurement.Result()["l1"]).Within(1e-6));
    }

    [Test]
    public void Classifiers_have_no_floor()
    {
        using var training = new SmallTraining(SmallExperiment.With());
        Assert.That(FittedReadout.OfFreeSpace(training.Network, training.Task, training.Fields), Is.Null);
    }

    private static PhaseImagingTask Faint()
    {
        var experiment = SmallExperiment.With(Imaging);
        return new PhaseImagingTask((PhaseImaging)experiment.Task, experiment.Optics.Grid, scale: 1e-3);
    }

    private static double Score(SmallTraining training, PhaseImagingTask task)
    {
        using var measurement = Evaluator.Evaluate(training.Network, task, training.Fields.Validation);
        return measurement.Result()["ssim"];
    }
}
