using NUnit.Framework;
using OpticalQAT.Optics;
using OpticalQAT.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics;

/// <summary>The stack of masks by torch against torch's own derivatives.</summary>
public class TorchStackTests
{
    private const int Masks = 3;

    [Test]
    public void Output_and_gradients_are_those_of_autograd(
        [Values("angular_spectrum", "rayleigh_sommerfeld", "padded four times")] string kind,
        [Values(ScalarType.ComplexFloat32, ScalarType.ComplexFloat64)] ScalarType type,
        [Values] bool elsewhere)
    {
        if (elsewhere && StandInDevice.WhyNot is { } reason)
            Assert.Ignore(reason);
        using var scope = NewDisposeScope();
        var device = elsewhere ? StandInDevice.Device : CPU;
        var propagator = Propagator(kind);
        var ours = Differentiate(type, device, (u, t) => TorchStack.Apply(u, t, Transfers(propagator, device, type)));
        // the plane as the configuration pads it, which the stack may cut
        var exact = Enumerable.Range(0, Masks).Select(l => propagator.Over(Distance(l)).TransferFunction(CPU, ScalarType.ComplexFloat64)).ToArray();
        var expected = Differentiate(ScalarType.ComplexFloat64, CPU, (u, t) =>
        {
            for (var l = 0; l < Masks; l++)
                u = fft.ifft2(fft.fft2(u * t[l], s: [exact[l].shape[0], exact[l].shape[0]]) * exact[l])[.., ..9, ..9];
            return u;
        });
        var tolerance = type == ScalarType.ComplexFloat64 ? 1e-12 : 2e-6;
        foreach (var (actual, wanted) in ours.Zip(expected))
            Assert.That(Tensors.RelativeError(actual, wanted), Is.LessThan(tolerance));
    }

    [Test]
    public void Only_what_is_asked_for_is_worked_out([Values] bool ofFields)
    {
        using var scope = NewDisposeScope();
        var propagator = Propagator("angular_spectrum");
        var (u, t) = (Field(ScalarType.ComplexFloat32), Transmissions(ScalarType.ComplexFloat32));
        (ofFields ? u : t).requires_grad_();
        TorchStack.Apply(u, t, Transfers(propagator, CPU, u.dtype)).abs().sum().BackwardGuarded();
        Assert.Multiple(() =>
        {
            Assert.That(u.grad is not null, Is.EqualTo(ofFields));
            Assert.That(t.grad is not null, Is.Not.EqualTo(ofFields));
        });
    }

    [Test]
    public void What_fails_on_the_way_back_is_thrown_afterwards_and_leaves_the_process_alive()
    {
        using var scope = NewDisposeScope();
        var propagator = Propagator("angular_spectrum");
        var transfers = Transfers(propagator, CPU, ScalarType.ComplexFloat32).Select(h => h.clone()).ToArray();
        var loss = TorchStack.Apply(Field(ScalarType.ComplexFloat32), Transmissions(ScalarType.ComplexFloat32).requires_grad_(), transfers).abs().sum();
        transfers[0].Dispose();
        Assert.That(loss.BackwardGuarded, Throws.InvalidOperationException.With.Message.StartsWith("The gradients could not be computed: "));
    }

    /// <summary>On an accelerator torch goes back on a thread of its own, which has no dispose scope.</summary>
    [Test]
    public void Without_a_dispose_scope_gradients_do_not_pile_up()
    {
        List<long> live = [];
        var thread = new Thread(() =>
        {
            var propagator = Propagator("angular_spectrum");
            var transfers = Transfers(propagator, CPU, ScalarType.ComplexFloat32);
            using var u = Field(ScalarType.ComplexFloat32).requires_grad_();
            using var t = Transmissions(ScalarType.ComplexFloat32).requires_grad_();
            for (var step = 0; step < 6; step++)
            {
                Tensor loss;
                using (NewDisposeScope())
                    loss = TorchStack.Apply(u, t, transfers).abs().sum().MoveToOuterDisposeScope();
                using (loss)
                    loss.BackwardGuarded();
                live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            }
        });
        thread.Start();
        thread.Join();
        Assert.That(live.Skip(1), Is.All.EqualTo(live[1]));
    }

    private static Propagator Propagator(string kind) => new(
        kind switch { "rayleigh_sommerfeld" => new RayleighSommerfeld(), _ => new AngularSpectrum() },
        new Wave(new Length(0.75e-3)),
        new Grid { Size = 9, PixelPitch = new Length(0.75e-3), Padding = kind is "padded four times" ? 4 : 2 },
        mayBeFast: false);

    private static double Distance(int mask) => 3e-3 + mask * 1e-3;

    private static Tensor[] Transfers(Propagator propagator, Device device, ScalarType type) =>
        [.. Enumerable.Range(0, Masks).Select(l => propagator.Over(Distance(l)).OnWorkingPlane(device, type))];

    private static Tensor Field(ScalarType type) => Tensors.NormalField([4, 9, 9], 1).to(type);

    private static Tensor Transmissions(ScalarType type) => Tensors.NormalField([Masks, 9, 9], 2).to(type);

    /// <summary>The output, and the gradients of the fields and of the masks, of a loss whose gradient depends on the output.</summary>
    private static Tensor[] Differentiate(ScalarType type, Device device, Func<Tensor, Tensor, Tensor> stack)
    {
        var (u, t) = (Field(type).to(device).requires_grad_(), Transmissions(type).to(device).requires_grad_());
        var output = stack(u, t);
        (view_as_real(output).square().sum() + view_as_real(output * Tensors.NormalField([4, 9, 9], 3).to(type).to(device)).sum()).BackwardGuarded();
        return [output.detach().cpu(), u.grad!.cpu(), t.grad!.cpu()];
    }
}
