using NUnit.Framework;
using OpticalQAT.Runtime;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Runtime;

/// <summary>A failure in a backward call arrives where the pass was begun, and ends no process.</summary>
public sealed class AutogradNodeTests
{
    [Test]
    public void A_failure_is_thrown_when_the_pass_is_over([Values] bool elsewhere)
    {
        if (elsewhere && StandInDevice.WhyNot is { } reason)
            Assert.Ignore(reason);
        using var scope = NewDisposeScope();
        var x = ones(3, device: elsewhere ? StandInDevice.Device : CPU).requires_grad_();
        var loss = Doubling.Of(x, "one").sum();
        var thrown = Assert.Throws<InvalidOperationException>(loss.BackwardGuarded);
        Assert.Multiple(() =>
        {
            Assert.That(thrown!.Message, Is.EqualTo("The gradients could not be computed: one"));
            Assert.That(thrown.InnerException, Is.TypeOf<NotSupportedException>());
            Assert.That(x.grad, Is.Null);
            Assert.That(() => Doubling.Of(x).sum().BackwardGuarded(), Throws.Nothing, "a failure is thrown once");
            Assert.That(x.grad!.cpu().data<float>().ToArray(), Is.EqualTo((float[])[2, 2, 2]));
        });
    }

    [Test]
    public void Of_several_failures_the_first_is_thrown()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        Assert.That(() => Doubling.Of(Doubling.Of(x, "earlier"), "later").sum().BackwardGuarded(), Throws.InvalidOperationException.With.Message.EndsWith(": later"));
    }

    [Test]
    public void A_failure_that_nobody_asked_after_is_thrown_by_the_next_node_of_that_thread_alone()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        Doubling.Of(x, "one").sum().backward();
        OnAnotherThread(() => Assert.That(() => Doubling.Of(ones(3).requires_grad_()).sum().BackwardGuarded(), Throws.Nothing));
        Assert.That(() => Doubling.Of(x), Throws.InvalidOperationException.With.Message.EndsWith(": one"));
        Assert.That(() => Doubling.Of(x).sum().BackwardGuarded(), Throws.Nothing);
    }

    [Test]
    public void A_failure_arrives_at_the_thread_that_began_the_pass()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        var loss = Doubling.Of(x, "one").sum();
        OnAnotherThread(() => Assert.That(loss.BackwardGuarded, Throws.InvalidOperationException));
        Assert.That(() => Doubling.Of(x), Throws.Nothing);
    }

    [Test]
    public void A_second_backward_call_is_refused_where_the_first_let_go_of_what_was_kept()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        var loss = OpticalQAT.Optics.Field.Intensity(complex(x, x)).sum();
        loss.backward(retain_graph: true);
        Assert.That(loss.BackwardGuarded, Throws.InvalidOperationException.With.Message.Contains("let go of by the first backward call"));
    }

    [Test]
    public void More_gradients_than_arguments_are_a_failure_as_any_other()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => Doubling.Of(ones(3).requires_grad_(), gradients: 2).sum().BackwardGuarded(), Throws.InvalidOperationException);
    }

    [Test]
    public void What_torch_itself_refuses_is_thrown_as_it_is() =>
        Assert.That(ones(3).BackwardGuarded, Throws.Exception.With.Message.Contains("does not require grad"));

    private static void OnAnotherThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var scope = NewDisposeScope();
                action();
            }
            catch (AssertionException e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.That(failure, Is.Null);
    }

    internal sealed class Doubling : AutogradNode<Doubling, Doubling.Call>
    {
        public static Tensor Of(Tensor x, string? failure = null, int gradients = 1) => Apply(new Call(failure, gradients), x);

        protected override Tensor Forward(Call call, Tensor?[] arguments) => arguments[0]!.detach() * 2;

        protected override Tensor?[] Backward(Call call, Tensor gradient) =>
            call.Failure is { } failure ? throw new NotSupportedException(failure) : [.. Enumerable.Repeat(0, call.Gradients).Select(_ => gradient * 2)];

        internal sealed class Call(string? failure, int gradients) : NodeCall
        {
            public string? Failure { get; } = failure;

            public int Gradients { get; } = gradients;
        }
    }
}
