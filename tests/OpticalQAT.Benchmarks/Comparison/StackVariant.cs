using OpticalQAT.Optics;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>One way to compute the workload. Built outside of any dispose scope, stepped within one of its own.</summary>
internal abstract class StackVariant(string name, Workload workload) : IDisposable
{
    private readonly torch.Tensor _fields = workload.Fields();
    private readonly torch.Tensor _phases = workload.Phases();
    private readonly torch.Tensor _detector = workload.Detector();

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
        _detector.Dispose();
    }

    protected abstract torch.Tensor Stack(torch.Tensor fields, torch.Tensor transmissions);

    protected virtual torch.Tensor Transmissions(torch.Tensor phases) => torch.polar(torch.ones_like(phases), phases);

    /// <summary>The power on the detector, by the library's own intensity: the loss is not what is compared.</summary>
    private torch.Tensor Loss(torch.Tensor fields, torch.Tensor phases) =>
        (Field.Intensity(Stack(fields, Transmissions(phases))) * _detector).sum();
}
