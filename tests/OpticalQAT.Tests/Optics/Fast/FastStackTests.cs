using NUnit.Framework;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Optics.Fast;

[TestFixture]
public class FastStackTests
{
    private const double Tolerance = 1e-5;

    [Test]
    public void Output_and_gradients_agree_with_plain_torch_in_double_precision(
        [Values(128, 256, 512)] int vectorBits, [Values(1, 2)] int threads)
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 33, padded: 66, layers: 2, batch: 3);
        AssertAgree(problem, problem.Stack(vectorBits, threads));
    }

    [TestCase(64, 128, 2, 3)]
    [TestCase(40, 80, 1, 16)]
    [TestCase(100, 200, 2, 1)]
    [TestCase(48, 96, 3, 5)]
    [TestCase(50, 100, 2, 2)]
    [TestCase(60, 120, 1, 2)]
    [TestCase(100, 400, 1, 2, Description = "padding 4: the kernel is moved to a smaller plane")]
    [TestCase(37, 111, 1, 2, Description = "a padded size with a large prime factor")]
    [TestCase(64, 64, 2, 2, Description = "no padding: periodic")]
    [TestCase(64, 96, 1, 2, Description = "padding 1.5: periodic over the padded plane")]
    [TestCase(25, 45, 1, 2, Description = "an odd padded size")]
    [TestCase(8, 24, 1, 1)]
    [TestCase(1, 8, 1, 1)]
    public void Every_kind_of_size_agrees_with_plain_torch(int points, int padded, int layers, int batch)
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points, padded, layers, batch);
        AssertAgree(problem, problem.Stack(256, threads: 2));
    }

    [Test]
    public void Propagation_without_masks_agrees_and_its_gradient_is_the_adjoint()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 40, padded: 80, layers: 1, batch: 3);
        var stack = problem.Stack(256, threads: 1);
        var fields = problem.Fields.clone().requires_grad_();
        var other = StackProblem.Random(3, 40, 40);

        var propagated = stack.Propagate(fields);
        (propagated * other.conj()).real.sum().backward();

        // <P u, v> = <u, P* v>, both as complex numbers: the real part is what the gradient gives, the norm pins the rest
        var expected = problem.Propagate(problem.Fields.to(torch.ScalarType.ComplexFloat64), 0);
        Assert.That(StackProblem.Error(propagated, expected), Is.LessThan(Tolerance));
        var left = (propagated.conj() * other).sum();
        var right = (problem.Fields.conj() * fields.grad!).sum();
        Assert.That((left - right).abs().ToDouble(), Is.LessThan(Tolerance * left.abs().ToDouble()));
    }

    [Test]
    public void Repeats_bit_for_bit_for_a_number_of_threads([Values(1, 2)] int threads)
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 48, padded: 96, layers: 2, batch: 7);
        var stack = problem.Stack(256, threads);
        var first = problem.Fast(stack);
        var second = problem.Fast(stack);
        Assert.Multiple(() =>
        {
            Assert.That(first.Output.equal(second.Output).all().ToBoolean());
            Assert.That(first.Fields.equal(second.Fields).all().ToBoolean());
            Assert.That(first.Transmissions.equal(second.Transmissions).all().ToBoolean());
        });
    }

    [Test]
    public void Takes_conjugated_and_strided_views_for_what_they_mean()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 40, padded: 80, layers: 2, batch: 3);
        var stack = problem.Stack(256, threads: 1);
        var conjugate = problem.Fields.conj_physical();
        var strided = conjugate.transpose(1, 2);
        Assert.Multiple(() =>
        {
            // torch only marks a conjugate; the memory is that of the original
            Assert.That(Output(problem.Fields.conj()).equal(Output(conjugate)).all().ToBoolean());
            Assert.That(Output(strided).equal(Output(strided.contiguous())).all().ToBoolean());
        });
        torch.Tensor Output(torch.Tensor fields) => stack.Forward(fields, problem.Transmissions);
    }

    [Test]
    public void Gradients_of_a_batch_are_right_while_another_forward_is_pending()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 40, padded: 80, layers: 2, batch: 3);
        var stack = problem.Stack(256, threads: 1);
        var expected = problem.Fast(stack);
        var t = problem.Transmissions.clone().requires_grad_();
        var output = stack.Forward(problem.Fields, t);
        _ = stack.Forward(problem.Fields * 2, t);
        problem.Loss(output).backward();
        Assert.That(StackProblem.Error(t.grad!, expected.Transmissions), Is.LessThan(1e-6));
    }

    [Test]
    public void A_backward_call_uses_the_kernels_of_its_forward_call()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 40, padded: 80, layers: 2, batch: 3);
        var stack = problem.Stack(256, threads: 1);
        var expected = problem.Fast(stack);
        var t = problem.Transmissions.clone().requires_grad_();
        var output = stack.Forward(problem.Fields, t);
        TransferKernel[] exchanged = [stack.Kernels[1], stack.Kernels[0]];
        var other = stack.Forward(problem.Fields, t, exchanged);
        problem.Loss(output).backward();
        Assert.Multiple(() =>
        {
            Assert.That(t.grad!.equal(expected.Transmissions).all().ToBoolean());
            Assert.That(other.equal(output).all().ToBoolean(), Is.False, "another forward takes its own");
            Assert.That(() => stack.Forward(problem.Fields, t, [exchanged[0]]), Throws.ArgumentException.With.Message.StartsWith("Expected 2 kernels of 40 points"));
        });
    }

    [Test]
    public void A_second_backward_after_the_next_forward_is_refused_and_leaves_the_process_alive()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 40, padded: 80, layers: 1, batch: 2);
        var stack = problem.Stack(256, threads: 1);
        var t = problem.Transmissions.clone().requires_grad_();
        var loss = problem.Loss(stack.Forward(problem.Fields, t));
        loss.backward(retain_graph: true);
        _ = stack.Forward(problem.Fields, t);
        t.grad!.zero_();
        loss.backward(retain_graph: true);
        Assert.Multiple(() =>
        {
            Assert.That(t.grad!.abs().sum().ToDouble(), Is.Zero);
            Assert.That(() => stack.Propagate(problem.Fields), Throws.InvalidOperationException.With.Message.Contains("given up to a later one"));
            Assert.That(() => stack.Propagate(problem.Fields), Throws.Nothing, "a failure is reported once");
            Assert.That(loss.BackwardGuarded, Throws.InvalidOperationException.With.Message.Contains("given up to a later one"));
        });
    }

    [Test]
    public void What_does_not_fit_is_refused_with_its_shape()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new StackProblem(points: 40, padded: 80, layers: 2, batch: 3);
        var stack = problem.Stack(256, threads: 1);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => stack.Forward(problem.Fields, problem.Transmissions[0].unsqueeze(0)),
                Throws.ArgumentException.With.Message.StartsWith("Expected complex64 [2, 40, 40] on the CPU, not ComplexFloat32 [1, 40, 40]"));
            Assert.That(
                () => stack.Forward(problem.Fields.to(torch.ScalarType.ComplexFloat64), problem.Transmissions),
                Throws.ArgumentException.With.Message.StartsWith("Expected complex64 [B, 40, 40] on the CPU, not ComplexFloat64"));
            Assert.That(() => TransferKernel.Create(problem.Transfers[0], 81), Throws.ArgumentException);
            Assert.That(() => new FastStack(), Throws.ArgumentException);
        });
    }

    [Test]
    public void Steps_leave_nothing_behind()
    {
        var problem = new StackProblem(points: 40, padded: 80, layers: 2, batch: 4);
        var stack = problem.Stack(256, threads: 1);
        using var t = problem.Transmissions.clone().requires_grad_();
        Step();
        var (live, managed) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, GC.GetTotalAllocatedBytes(precise: true));
        for (var i = 0; i < 20; i++)
            Step();
        managed = (GC.GetTotalAllocatedBytes(precise: true) - managed) / 20;
        Assert.Multiple(() =>
        {
            Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - live, Is.Zero);
            Assert.That(managed, Is.LessThan(64 * 1024), "bytes of managed memory per step; one plane alone has 12800");
        });
        void Step()
        {
            using var scope = torch.NewDisposeScope();
            problem.Loss(stack.Forward(problem.Fields, t)).backward();
            t.grad!.zero_();
        }
    }

    private static void AssertAgree(StackProblem problem, FastStack stack)
    {
        var (expected, actual) = (problem.Plain(), problem.Fast(stack));
        using var noGradient = torch.no_grad();
        Assert.Multiple(() =>
        {
            Assert.That(StackProblem.Error(actual.Output, expected.Output), Is.LessThan(Tolerance));
            Assert.That(StackProblem.Error(actual.Fields, expected.Fields), Is.LessThan(Tolerance));
            Assert.That(StackProblem.Error(actual.Transmissions, expected.Transmissions), Is.LessThan(Tolerance));
            Assert.That(stack.Forward(problem.Fields, problem.Transmissions).equal(actual.Output).all().ToBoolean(), "without the graph");
        });
    }
}
