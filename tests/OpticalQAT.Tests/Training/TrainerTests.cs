using NUnit.Framework;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

public class TrainerTests
{
    [TestCase("quantizer.kind=straight_through")]
    [TestCase("quantizer.kind=progressive_sigmoid")]
    [TestCase("quantizer.kind=none")]
    [TestCase("optics.fast_path=false")]
    public void Two_runs_are_the_same_to_the_bit(string quantizer)
    {
        using var first = new SmallTraining(SmallExperiment.With(quantizer)).Run();
        using var second = new SmallTraining(SmallExperiment.With(quantizer)).Run();
        Assert.That(second.Losses, Is.EqualTo(first.Losses));
        AssertSameState(first, second);
    }

    [Test]
    public void Another_seed_meets_the_examples_in_another_order()
    {
        using var first = new SmallTraining(SmallExperiment.With()).Run();
        using var second = new SmallTraining(SmallExperiment.With("seed=4")).Run();
        Assert.That(second.Losses, Is.Not.EqualTo(first.Losses));
    }

    [Test]
    public void Training_lowers_the_loss()
    {
        using var training = new SmallTraining(SmallExperiment.With("quantizer.kind=none", "training.quantized.epochs=6")).Run();
        Assert.That(training.Epochs[^1].Loss, Is.LessThan(0.8 * training.Epochs[1].Loss!.Value));
    }

    /// <summary>Stopped in the middle of the second epoch, carried over into a new model and a new trainer, and run to the end.</summary>
    [TestCase("adam")]
    [TestCase("adamw")]
    [TestCase("sgd")]
    public void A_run_resumed_in_the_middle_of_an_epoch_is_the_run_that_was_not_stopped(string optimizer)
    {
        var experiment = SmallExperiment.With($"training.quantized.optimizer.kind={optimizer}", "quantizer.kind=progressive_sigmoid");
        using var whole = new SmallTraining(experiment).Run();
        using var stopped = new SmallTraining(experiment);
        using var interruption = new CancellationTokenSource();
        ModelState? current = null;
        byte[]? optimizerState = null;
        Assert.That(() => stopped.Run(
            happened => { if (happened is StepDone { Epoch: 2, Step: 2 }) interruption.Cancel(); },
            () =>
            {
                current = ModelState.Of(stopped.Network, stopped.Task);
                optimizerState = stopped.Trainer.OptimizerState;
            },
            interruption.Token), Throws.TypeOf<OperationCanceledException>());
        Assert.That((stopped.Trainer.State.Epoch, stopped.Trainer.State.Step), Is.EqualTo((1, 2)));

        using var resumed = new SmallTraining(experiment);
        current!.Restore(resumed.Network, resumed.Task);
        resumed.Trainer.OptimizerState = optimizerState!;
        resumed.Trainer.State = stopped.Trainer.State;
        resumed.Run();

        Assert.That(resumed.Losses, Is.EqualTo(whole.Losses[^2..]));
        Assert.That(resumed.Epochs[^1].Validation, Is.EqualTo(whole.Epochs[^1].Validation));
        AssertSameState(whole, resumed);
        current.Dispose();
    }

    /// <summary>The best by what is printed, not by the soft forward that training sees; the start counts as well.</summary>
    [Test]
    public void The_best_hard_model_is_kept()
    {
        var experiment = SmallExperiment.With("quantizer.kind=progressive_sigmoid", "training.quantized.epochs=5", "training.quantized.optimizer.learning_rate=0.4");
        using var training = new SmallTraining(experiment, SmallTraining.Settings(experiment) with { SoftForward = true }).Run();
        var best = training.Epochs.OrderByDescending(e => e.Validation["accuracy"]).ThenBy(e => e.Validation["loss"]).First();

        Assert.That(training.Epochs.Select(e => e.Epoch), Is.EqualTo((int[])[0, 1, 2, 3, 4, 5]));
        Assert.That(training.Epochs.Select(e => e.Step), Is.EqualTo((long[])[8, 12, 16, 20, 24, 28]));
        Assert.That(training.Epochs.Select(e => e.SoftValidation!["loss"]), Is.Not.EqualTo(training.Epochs.Select(e => e.Validation["loss"])));
        Assert.That(training.Trainer.State.BestValidation, Is.EqualTo(best.Validation));
        using var measured = Evaluator.Evaluate(training.Network, training.Task, training.Fields.Validation);
        Assert.That(measured.Result(), Is.EqualTo(best.Validation));
    }

    [Test]
    public void A_position_that_is_no_number_stops_the_run_at_its_step_and_layer()
    {
        using var training = new SmallTraining(SmallExperiment.With("quantizer.kind=none"));
        Assert.That(() => training.Run(Poison), Throws.TypeOf<TrainingFailedException>().With.Message.EqualTo(
            "the loss is not finite at step 4 of epoch 1 (quantized), first seen in layer 2. "
            + "A lower learning_rate or a gradient_clip usually helps; the run's last checkpoint is intact."));

        void Poison(TrainingEvent happened)
        {
            if (happened is not StepDone { Epoch: 1, Step: 3 })
                return;
            using var untracked = no_grad();
            training.Network.Masks.Position[-1, 0, 0].fill_(float.NaN);
        }
    }

    [Test]
    public void A_clipped_gradient_keeps_its_direction_and_has_the_norm_of_the_limit()
    {
        const double Rate = 0.5, Limit = 1e-3;
        using var scope = NewDisposeScope();
        var free = Move(null);
        var clipped = Move(Limit);
        var loose = Move(1e6);
        var norm = free.norm().item<float>();
        Assert.Multiple(() =>
        {
            Assert.That(norm, Is.GreaterThan(2 * Rate * Limit), "there is something to clip");
            Assert.That(clipped.norm().item<float>(), Is.EqualTo(Rate * Limit).Within(0.1).Percent);
            Assert.That((clipped * free).sum().item<float>(), Is.EqualTo(Rate * Limit * norm).Within(0.1).Percent, "the direction");
            Assert.That(Tensors.SameBits(loose, free), Is.True, "what is below the limit stays as it is");
        });

        // How far one step of plain descent moves the positions, which stand on a circle of four.
        static Tensor Move(double? limit)
        {
            List<string> keys = ["training.quantized.epochs=1", "training.batch_size=60", "training.quantized.optimizer={ kind: sgd, learning_rate: 0.5, momentum: 0 }"];
            if (limit is { } norm)
                keys.Add(FormattableString.Invariant($"training.quantized.gradient_clip={norm}"));
            using var training = new SmallTraining(SmallExperiment.With([.. keys]));
            var before = Positions(training);
            Tensor? after = null;
            training.Run(happened => after ??= happened is StepDone ? Positions(training) : null);
            var moved = after! - before;
            return moved - (moved / 4).round() * 4;
        }

        static Tensor Positions(SmallTraining training) => training.Network.Masks.Position.detach().clone();
    }

    [Test]
    public void The_rate_follows_the_schedule()
    {
        using var training = new SmallTraining(SmallExperiment.With("training.quantized.schedule={ kind: linear, from: 1, to: 0 }")).Run();
        // four steps an epoch; the rate of an epoch's last step is what its record says
        Assert.That(training.Epochs[1].LearningRate, Is.EqualTo(0.05 * 5 / 8).Within(1e-12));
        Assert.That(training.Epochs[2].LearningRate, Is.EqualTo(0.05 * 1 / 8).Within(1e-12));
    }

    [TestCase("quantizer.kind=straight_through", "optics.fast_path=true")]
    [TestCase("quantizer.kind=straight_through", "optics.fast_path=false")]
    [TestCase("quantizer.kind=gumbel_softmax", "training.quantized.gradient_clip=1")]
    public void A_step_leaves_no_tensor_behind(params string[] keys)
    {
        var experiment = SmallExperiment.With([.. keys, "training.quantized.epochs=3", "training.quantized.schedule.kind=constant", "training.quantized.optimizer.learning_rate=1e-9"]);
        using var training = new SmallTraining(experiment);
        var steps = new List<long>();
        var epochs = new List<long>();
        training.Run(happened =>
        {
            if (happened is StepDone)
                steps.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            if (happened is EpochDone)
                epochs.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        });
        // the first step makes the gradients and the optimizer's state
        Assert.That(steps, Has.Count.EqualTo(12));
        Assert.That(steps.Skip(1), Is.All.EqualTo(steps[1]));
        Assert.That(epochs.Skip(1), Is.All.EqualTo(epochs[1]));
    }

    [Test]
    public void A_step_moves_the_read_outs_parameters_that_are_learnt_and_no_others()
    {
        using var scope = NewDisposeScope();
        using var fixedGain = new SmallTraining(SmallExperiment.With()).Run();
        using var learntGain = new SmallTraining(SmallExperiment.With("task.detector.learn_gain=true")).Run();
        Assert.That(Gain(fixedGain.Task), Is.EqualTo(50).Within(1e-3));
        Assert.That(Gain(learntGain.Task), Is.Not.EqualTo(50).Within(0.5));
    }

    private static double Gain(LearningTask task) => Math.Exp(task.named_parameters().Single(p => string.Equals(p.name, "log_gain", StringComparison.Ordinal)).parameter.item<float>());

    private static void AssertSameState(SmallTraining expected, SmallTraining actual)
    {
        using var a = ModelState.Of(expected.Network, expected.Task);
        using var b = ModelState.Of(actual.Network, actual.Task);
        Assert.That(b.Tensors.Keys, Is.EqualTo(a.Tensors.Keys));
        foreach (var (name, tensor) in a.Tensors)
            Assert.That(Tensors.SameBits(b.Tensors[name], tensor), Is.True, name);
    }
}
