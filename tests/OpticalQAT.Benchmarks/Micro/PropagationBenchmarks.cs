using BenchmarkDotNet.Attributes;
using OpticalQAT.Benchmarks.Comparison;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Micro;

/// <summary>One propagation of a batch without gradients, padding 2, one thread.</summary>
public class PropagationBenchmarks
{
    private FastStack _stack = null!;
    private torch.Tensor _fields = null!;
    private torch.Tensor _transfer = null!;

    /// <summary>N.</summary>
    [Params(64, 100, 128, 200)]
    public int Points { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        NativeRuntime.Initialize();
        torch.set_num_threads(1);
        var workload = new Workload(Points, 2 * Points, 1, 16, 1);
        using var exact = workload.TransferFunction();
        _transfer = exact.to(torch.ScalarType.ComplexFloat32);
        _fields = workload.Fields();
        _stack = new(TransferKernel.Create(exact, Points)) { Threads = 1 };
    }

    [Benchmark(Baseline = true)]
    public void Torch()
    {
        using var scope = torch.NewDisposeScope();
        _ = torch.fft.ifft2(torch.fft.fft2(_fields, s: [2 * Points, 2 * Points]) * _transfer)
            .narrow(1, 0, Points).narrow(2, 0, Points).contiguous();
    }

    [Benchmark]
    public void Fast() => _stack.Propagate(_fields).Dispose();
}
