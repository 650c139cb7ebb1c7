using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>
/// The published algorithm, written afresh: the field is copied into the middle of a padded plane, its spectrum shifted to
/// the middle, multiplied, shifted back, and the middle of the result is cut out.
/// </summary>
/// <param name="workload">What to compute.</param>
/// <param name="rebuild">Whether the transfer function is worked out anew at every propagation, as published.</param>
internal sealed class Reference(Workload workload, bool rebuild)
    : StackVariant(rebuild ? "reference, as published" : "reference", workload)
{
    private readonly torch.Tensor _transfer = Build(workload);

    public override void Dispose()
    {
        _transfer.Dispose();
        base.Dispose();
    }

    protected override torch.Tensor Stack(torch.Tensor fields, torch.Tensor transmissions)
    {
        var (n, m) = (Workload.Points, Workload.Padded);
        var start = (m - n) / 2;
        var u = fields;
        for (var l = 0; l < Workload.Layers; l++)
        {
            var padded = torch.zeros(Workload.Batch, m, m, dtype: torch.ScalarType.ComplexFloat32);
            padded.slice(1, start, start + n, 1).slice(2, start, start + n, 1).copy_(u * transmissions[l]);
            var spectrum = torch.fft.fftshift(torch.fft.fft2(padded), [1, 2]);
            var filtered = torch.fft.ifftshift(spectrum * (rebuild ? Build(Workload) : _transfer), [1, 2]);
            u = torch.fft.ifft2(filtered).slice(1, start, start + n, 1).slice(2, start, start + n, 1);
        }

        return u;
    }

    private static torch.Tensor Build(Workload workload)
    {
        using var scope = torch.NewDisposeScope();
        var f = torch.fft.fftshift(torch.fft.fftfreq(workload.Padded, Workload.PixelPitch, dtype: torch.ScalarType.Float64));
        var grids = torch.meshgrid([f, f], "ij");
        var root = (1 / (Workload.Wavelength * Workload.Wavelength)) - grids[0].square() - grids[1].square();
        var kz = 2 * Math.PI * root.clamp(min: 0).sqrt();
        var h = torch.exp(torch.complex(torch.zeros_like(kz), kz * Workload.Distance)) * root.ge(0);
        return h.to(torch.ScalarType.ComplexFloat32).MoveToOuterDisposeScope();
    }
}

/// <summary>As many transforms of the whole padded batch as the workload has, two each way per layer, and nothing else.</summary>
internal sealed class FftFloor(Workload workload) : StackVariant("FFT floor", workload)
{
    private readonly torch.Tensor _padded =
        torch.randn(workload.Batch, workload.Padded, workload.Padded, dtype: torch.ScalarType.ComplexFloat32);

    public override void Step()
    {
        for (var i = 0; i < 2 * Workload.Layers; i++)
        {
            torch.fft.fft2(_padded).Dispose();
            torch.fft.ifft2(_padded).Dispose();
        }
    }

    public override (torch.Tensor Output, torch.Tensor Gradient)? Result() => null;

    public override void Dispose()
    {
        _padded.Dispose();
        base.Dispose();
    }

    protected override torch.Tensor Stack(torch.Tensor fields, torch.Tensor transmissions) => throw new NotSupportedException();
}

/// <summary>Plain torch, done well: padding by the transform itself, the transfer function in FFT order, slices instead of copies.</summary>
internal sealed class TorchPath(Workload workload, torch.ScalarType precision = torch.ScalarType.ComplexFloat32)
    : StackVariant(precision == torch.ScalarType.ComplexFloat32 ? "torch" : "exact", workload)
{
    private readonly torch.Tensor _transfer = workload.TransferFunction().to(precision);

    public override void Dispose()
    {
        _transfer.Dispose();
        base.Dispose();
    }

    protected override torch.Tensor Stack(torch.Tensor fields, torch.Tensor transmissions)
    {
        var u = fields.to(precision);
        for (var l = 0; l < Workload.Layers; l++)
        {
            var spectrum = torch.fft.fft2(u * transmissions[l], s: [Workload.Padded, Workload.Padded]) * _transfer;
            u = torch.fft.ifft2(spectrum).narrow(1, 0, Workload.Points).narrow(2, 0, Workload.Points);
        }

        return u;
    }

    protected override torch.Tensor Transmissions(torch.Tensor phases) => precision == torch.ScalarType.ComplexFloat32
        ? base.Transmissions(phases) : base.Transmissions(phases.to(torch.ScalarType.Float64));
}

/// <summary>The library's torch path, the one of CUDA: the stack in one autograd node, whose backward is the adjoint propagation.</summary>
internal sealed class TorchAdjoint(Workload workload) : StackVariant("torch, own adjoint", workload)
{
    private readonly torch.Tensor[] _transfers =
        [.. Enumerable.Repeat(workload.Propagator(mayBeFast: false).Over(Workload.Distance).OnWorkingPlane(torch.CPU, torch.ScalarType.ComplexFloat32), workload.Layers)];

    protected override torch.Tensor Stack(torch.Tensor fields, torch.Tensor transmissions) => TorchStack.Apply(fields, transmissions, _transfers);
}

/// <summary>The whole stack in one node on the fast path.</summary>
internal sealed class FastPath : StackVariant
{
    private readonly FastStack _stack;

    public FastPath(Workload workload)
        : base("fast", workload)
    {
        using var transfer = workload.TransferFunction();
        var kernel = TransferKernel.Create(transfer, workload.Points);
        _stack = new([.. Enumerable.Repeat(kernel, workload.Layers)]) { Threads = workload.Threads };
    }

    protected override torch.Tensor Stack(torch.Tensor fields, torch.Tensor transmissions) => _stack.Forward(fields, transmissions);
}
