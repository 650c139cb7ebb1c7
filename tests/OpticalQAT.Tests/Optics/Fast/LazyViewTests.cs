using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Optics.Fast;

/// <summary>
/// torch's conjugates and negatives may be views that say so of memory which holds the other numbers. Whatever reads memory
/// itself must give for such a view what it gives for the numbers: its value, and its gradient.
/// </summary>
public sealed class LazyViewTests
{
    private static readonly Grid Grid = new() { Size = 12, PixelPitch = new Length(0.75e-3) };
    private static readonly Wave Light = new(new Length(0.75e-3));
    private static readonly RegionPowers Powers = new(new GridDetector { Regions = 5 }, Grid);
    private static readonly Propagator Propagator = new(new AngularSpectrum(), Light, Grid);

    private static IEnumerable<TestCaseData> OfFields()
    {
        yield return Node("intensity", Field.Intensity);
        yield return Node("detector powers", Powers.Of);
        yield return Node("propagation on the fast path", field => Propagator.Propagate(field, 3e-3));
        yield return Node("propagation on torch's path", field => Propagator.OnTorch().Propagate(field, 3e-3));
        yield return Node("masks", masks => Stack().Forward(StackProblem.Random(1, 12, 12), masks));
    }

    private static IEnumerable<TestCaseData> OfNumbers()
    {
        yield return Node("phasors", PhasorFunction.Apply);
        yield return Node("the multi-level sigmoid", position => ProgressiveSigmoid.Evaluate(position, 3, new LevelSpace(4, Closes: true)));
        yield return Node("between transmissions", share => CellTransmission.BetweenTransmissions(Place(share), Transmissions()));
        yield return Node("between heights", share => CellTransmission.BetweenHeights(Place(share), new LevelValues(tensor([0, 1e-3]), tensor([1e-3, 2e-3])), new Material(1.7, 0.01, Light)));
    }

    [TestCaseSource(nameof(OfFields))]
    public void A_conjugate_counts_as_it_reads(Func<Tensor, Tensor> node)
    {
        using var scope = NewDisposeScope();
        AssertSame(node, [2, 12, 12], parts => view_as_complex(parts).conj(), view => view.is_conj(), view => view.resolve_conj());
    }

    /// <summary>One number, for a view of several is copied to make it contiguous, and the copy holds what it reads.</summary>
    [TestCaseSource(nameof(OfNumbers))]
    public void A_negative_counts_as_it_reads(Func<Tensor, Tensor> node)
    {
        using var scope = NewDisposeScope();
        AssertSame(node, [1, 1, 1], parts => view_as_complex(parts).conj().imag, view => view.is_neg(), view => view.resolve_neg());
    }

    private static void AssertSame(Func<Tensor, Tensor> node, long[] shape, Func<Tensor, Tensor> view, Func<Tensor, bool> isLazy, Func<Tensor, Tensor> resolve)
    {
        manual_seed(3);
        Assert.That(isLazy(view(Tensors.Normal([.. shape, 2], 1, ScalarType.Float32))), Is.True, "or nothing is put to the test");
        var (value, gradient) = Run(view);
        manual_seed(3);
        var (expected, itsGradient) = Run(parts => resolve(view(parts)));
        Assert.That(Tensors.RelativeError(value, expected), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(gradient, itsGradient), Is.LessThan(1e-6));

        (Tensor Value, Tensor Gradient) Run(Func<Tensor, Tensor> read)
        {
            var parts = Tensors.Normal([.. shape, 2], 1, ScalarType.Float32).requires_grad_();
            var output = node(read(parts));
            // The conjugate of the output sends a lazy gradient back.
            var back = output.is_complex() ? (output.conj() * Weight(output)).real : output * Weight(output);
            (back + back.square()).sum().backward();
            return (output.detach(), parts.grad!);
        }

        static Tensor Weight(Tensor output) =>
            output.is_complex() ? Tensors.NormalField(output.shape, 5).to(output.dtype) : Tensors.Normal(output.shape, 5).to(output.dtype);
    }

    private static TestCaseData Node(string name, Func<Tensor, Tensor> node) => new TestCaseData(node).SetArgDisplayNames(name);

    private static FastStack Stack() => Propagator.FastStack([3e-3, 4e-3]);

    private static CellIndex Place(Tensor share) => new(share.detach().gt(0).to(ScalarType.Int64), share);

    private static LevelValues Transmissions()
    {
        var values = StackProblem.Random(3);
        return new LevelValues(values[..2].contiguous(), values[1..].contiguous());
    }
}
