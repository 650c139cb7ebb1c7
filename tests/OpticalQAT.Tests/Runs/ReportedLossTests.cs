using NUnit.Framework;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Training;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Runs;

public sealed class ReportedLossTests
{
    /// <summary>A step reports the task's loss of the model that it found, whatever is added for the sake of the quantizer.</summary>
    [TestCase("progressive_sigmoid")]
    [TestCase("soft_tanh")]
    public void The_reported_loss_holds_no_penalty(string kind)
    {
        // One step an epoch, so that the reported mean is that of one state of the model.
        using var training = new SmallTraining(SmallExperiment.With($"quantizer.kind={kind}", "quantizer.learnt.regularizer=5", "training.batch_size=60", "training.quantized.epochs=2"));
        var (loss, penalty) = (0.0, 0.0);
        training.Run(happened =>
        {
            if (happened is not StepDone { Epoch: 1 })
                return;
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            var batch = training.Fields.Train.InOrder(60).First();
            loss = training.Task.Loss(batch.Through(training.Network), batch.Targets).item<float>();
            penalty = training.Network.Masks.Penalty()!.item<float>();
        });
        Assert.That(Math.Abs(penalty), Is.GreaterThan(0.01));
        Assert.That(training.Epochs[^1].Loss, Is.EqualTo(loss).Within(1e-4));
    }
}
