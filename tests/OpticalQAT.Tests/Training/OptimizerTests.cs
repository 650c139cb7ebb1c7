using NUnit.Framework;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

public class OptimizerTests
{
    private static IEnumerable<OptimizerKind> Kinds => Support.Kinds.Of<OptimizerKind>().Append(new SgdOptimizer { Momentum = 0.9 });

    /// <summary>After ten steps the state is written, read by a new optimizer, and both go ten steps on together.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Its_state_survives_writing_and_reading(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var original = new Parameter(tensor([1f, -2, 3]));
        var first = kind.Build([original]);
        Step(first, original, 10);
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true))
            first.save_state_dict(writer);

        var copy = new Parameter(original.detach().clone());
        var second = kind.Build([copy]);
        bytes.Position = 0;
        using (var reader = new BinaryReader(bytes))
            second.load_state_dict(reader);
        Step(first, original, 10);
        Step(second, copy, 10);
        Assert.That(Tensors.SameBits(copy, original), Is.True);
    }

    [TestCaseSource(nameof(Kinds))]
    public void It_goes_downhill(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor([1f, -2, 3]));
        Step((kind with { LearningRate = 0.05 }).Build([parameter]), parameter, 300);
        Assert.That(parameter.abs().max().item<float>(), Is.LessThan(0.05));
    }

    private static void Step(optim.Optimizer optimizer, Parameter parameter, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            parameter.square().sum().backward();
            optimizer.step();
        }
    }
}
