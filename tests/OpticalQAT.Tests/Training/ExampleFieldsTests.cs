using NUnit.Framework;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

public class FieldSourceTests
{
    [Test]
    public void Fields_from_memory_and_fields_worked_out_anew_are_the_same()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With());
        var split = training.Fields.Data.Train;
        using var kept = new ExampleFields(split, training.Network, training.Task, CPU, memoryLimit: ExampleFields.BytesFor(60, 12));
        using var anew = new ExampleFields(split, training.Network, training.Task, CPU, memoryLimit: ExampleFields.BytesFor(60, 12) - 1);
        var indices = tensor([5L, 0, 59, 5]);
        var (a, b) = (kept.Take(indices), anew.Take(indices));

        Assert.That(a.Fields.shape, Is.EqualTo(new long[] { 4, 12, 12 }));
        Assert.That(Tensors.RelativeError(b.Fields, a.Fields), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(b.Entered, a.Entered), Is.LessThan(1e-6));
        Assert.That(Tensors.SameBits(b.Targets, a.Targets), Is.True);
        Assert.That(Tensors.SameBits(a.Targets, split.Labels.index_select(0, indices)), Is.True);
    }

    [Test]
    public void A_batch_is_the_examples_encoded_and_brought_to_the_first_mask()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With());
        var input = training.Task.Encode(training.Fields.Data.Train.Slice(7, 9));
        var batch = training.Fields.Train.Take(tensor([7L, 8]));
        Assert.That(Tensors.RelativeError(batch.Fields, training.Network.ToFirstMask(input)), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(batch.Entered, input.abs().square().sum([1, 2])), Is.LessThan(1e-6));
    }

    [Test]
    public void In_order_every_example_comes_once()
    {
        using var scope = NewDisposeScope();
        using var training = new SmallTraining(SmallExperiment.With());
        var batches = training.Fields.Train.InOrder(16).ToArray();
        Assert.That(batches.Select(b => b.Targets.shape[0]), Is.EqualTo((long[])[16, 16, 16, 12]));
        Assert.That(Tensors.SameBits(cat([.. batches.Select(b => b.Targets)]), training.Fields.Data.Train.Labels), Is.True);
    }
}
