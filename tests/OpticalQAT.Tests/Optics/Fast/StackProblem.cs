using OpticalQAT.Optics.Fast;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Optics.Fast;

/// <summary>A random stack with a random real loss, computed by the fast path and by plain torch in complex128.</summary>
internal sealed class StackProblem
{
    private readonly int _points;
    private readonly torch.Tensor _weight;

    public StackProblem(int points, int padded, int layers, int batch)
    {
        torch.manual_seed(points + padded);
        _points = points;
        Fields = Random(batch, points, points);
        Transmissions = Random(layers, points, points);
        Transfers = [.. Enumerable.Range(0, layers).Select(_ => Random(padded, padded))];
        _weight = Random(batch, points, points);
    }

    public torch.Tensor Fields { get; }

    public torch.Tensor Transmissions { get; }

    public torch.Tensor[] Transfers { get; }

    public static torch.Tensor Random(params long[] shape) => torch.randn(shape, dtype: torch.ScalarType.ComplexFloat32);

    /// <summary>The relative error in the norm.</summary>
    public static double Error(torch.Tensor actual, torch.Tensor expected) =>
        ((actual - expected).abs().norm() / expected.abs().norm()).ToDouble();

    public FastStack Stack(int vectorBits, int threads) =>
        new([.. Transfers.Select(h => TransferKernel.Create(h, _points, vectorBits))]) { Threads = threads };

    /// <summary>A loss with a linear and a quadratic part, so that the gradient depends on the output.</summary>
    public torch.Tensor Loss(torch.Tensor output)
    {
        var weight = _weight.to(output.dtype);
        return (output * weight.conj()).real.sum() + output.abs().square().sum();
    }

    public torch.Tensor Propagate(torch.Tensor field, int layer)
    {
        var h = Transfers[layer].to(field.dtype);
        var size = h.shape[0];
        return torch.fft.ifft2(torch.fft.fft2(field, s: [size, size]) * h).narrow(1, 0, _points).narrow(2, 0, _points);
    }

    public Gradients Fast(FastStack stack) => Differentiate(Fields, Transmissions, (u, t) => stack.Forward(u, t));

    public Gradients Plain() => Differentiate(
        Fields.to(torch.ScalarType.ComplexFloat64),
        Transmissions.to(torch.ScalarType.ComplexFloat64),
        (u, t) => Enumerable.Range(0, Transfers.Length).Aggregate(u, (field, l) => Propagate(field * t[l], l)));

    private Gradients Differentiate(torch.Tensor fields, torch.Tensor masks, Func<torch.Tensor, torch.Tensor, torch.Tensor> stack)
    {
        var (u, t) = (fields.clone().requires_grad_(), masks.clone().requires_grad_());
        var output = stack(u, t);
        Loss(output).BackwardGuarded();
        return new(output.detach(), u.grad!, t.grad!);
    }

    internal sealed record Gradients(torch.Tensor Output, torch.Tensor Fields, torch.Tensor Transmissions);
}
