using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>One way to compute the workload. Built outside of any dispose scope, stepped within one of its own.</summary>
internal abstract class StackVariant(string name, Workload workload) : IDisposable
{
    private readonly torch.Tensor _fields = workload.Fields();
    private readonly torch.Tensor _phases = workload.Phases();
    private readonly RegionPowers _detector = workload.Detector();
    private readonly torch.Tensor _weights = Workload.Weights();

    public string Name { get; } = name;

    protected Workload Workload { get; } = workload;

    /// <summary>One step: forward, loss, backward. Zeroes the gradient of the step before.</summary>
    public virtual void Step()
    {
        using var scope = torch.NewDisposeScope();
        _phases.grad?.zero_();
        Loss(_fields, _phases).backward();
    }

    /// <summary>The output and the gradient of the phases, for comparison; null where the variant computes none.</summary>
    public virtual (torch.Tensor Output, torch.Tensor Gradient)? Result()
    {
        Step();
        return (Stack(_fields, Transmissions(_phases)).detach(), _phases.grad!);
    }

    public virtual void Dispose()
    {
        _fields.Dispose();
        _phases.Dispose();
        _weights.Dispose();
    }

    protected abstract torch.Tensor Stack(torch.Tensor fields, torch.Tensor transmissions);

    /// <summary>Masks and loss are the library's own in every variant: they are not what is compared.</summary>
    protected virtual torch.Tensor Transmissions(torch.Tensor phases) => PhasorFunction.Apply(phases);

    /// <summary>The power in the regions of a classifier's detector, weighed.</summary>
    private torch.Tensor Loss(torch.Tensor fields, torch.Tensor phases)
    {
        var powers = _detector.Of(Stack(fields, Transmissions(phases)));
        return (powers * _weights.to(powers.dtype)).sum();
    }
}
