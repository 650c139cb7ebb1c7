using OpticalQAT.Kernels;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Optics.Fast;

/// <summary>
/// A stack of masks on the CPU's fast path, as one node of the autograd graph: for l = 0 … L-1, u ← Pₗ(tₗ·u), where Pₗ pads to
/// M×M with zeros, multiplies the spectrum by Hₗ and crops to N×N again.
/// </summary>
/// <remarks>
/// Results repeat bit for bit for a given number of threads. Memory between forward and backward is one N×N field per layer and
/// sample, and is used again by the next step. One stack serves one thread at a time (it locks). Second derivatives are not
/// supported, nor gradients of the transfer functions. What fails in a backward pass is thrown by
/// <see cref="GuardedBackward.BackwardGuarded"/>; where torch's own <c>backward</c> began it, by the thread's next call here.
/// </remarks>
public sealed class FastStack
{
    private readonly StackEngine _engine;
    private readonly Stack<SavedFields> _free = [];
    private readonly Lock _lock = new();

    /// <summary>Builds the stack of the given propagations, in the order of the light.</summary>
    /// <param name="kernels">L kernels, all for the same N and M; the same one may stand there several times.</param>
    /// <exception cref="ArgumentException">There are none, or they differ in size.</exception>
    public FastStack(params IReadOnlyList<TransferKernel> kernels)
    {
        if (kernels.Count == 0)
            throw new ArgumentException("A stack has at least one propagation.", nameof(kernels));
        _engine = StackEngine.Create(kernels[0].Points, kernels[0].PaddedLength, kernels[0].VectorBits);
        Layers = kernels.Count;
        Kernels = [.. kernels];
        Validate(Kernels);
    }

    /// <summary>The propagations that the stack was built of.</summary>
    public IReadOnlyList<TransferKernel> Kernels { get; }

    /// <summary>N, the side of the planes.</summary>
    public int Points => _engine.Points;

    /// <summary>L, the number of masks.</summary>
    public int Layers { get; }

    /// <summary>The number of threads that the samples of a batch are shared among; torch's own number at first.</summary>
    public int Threads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = torch.get_num_threads();

    /// <summary>Computes the field behind the last propagation.</summary>
    /// <param name="fields">complex64 [B, N, N] on the CPU: the field just before the first mask.</param>
    /// <param name="transmissions">complex64 [L, N, N] on the CPU.</param>
    /// <param name="kernels">
    /// The propagations of this call and its backward, where they are not the stack's own: distances that change from step to
    /// step need no new stack.
    /// </param>
    /// <returns>complex64 [B, N, N], differentiable by both tensors.</returns>
    /// <exception cref="ArgumentException">A tensor has another shape, type or device, or the kernels another number or size.</exception>
    public torch.Tensor Forward(torch.Tensor fields, torch.Tensor transmissions, IReadOnlyList<TransferKernel>? kernels = null)
    {
        Validate(transmissions, Layers, nameof(transmissions));
        return Run(fields, transmissions, kernels);
    }

    /// <summary>Propagates fields through all distances of the stack, with no masks between: u ← Pₗ(u).</summary>
    /// <param name="fields">complex64 [B, N, N] on the CPU.</param>
    /// <param name="kernels">The propagations of this call and its backward, where they are not the stack's own.</param>
    /// <returns>complex64 [B, N, N], differentiable.</returns>
    /// <exception cref="ArgumentException">The tensor has another shape, type or device, or the kernels another number or size.</exception>
    public torch.Tensor Propagate(torch.Tensor fields, IReadOnlyList<TransferKernel>? kernels = null) => Run(fields, null, kernels);

    /// <summary>Computes without the graph.</summary>
    /// <param name="fields">[B, N, N].</param>
    /// <param name="transmissions">[L, N, N], or null.</param>
    /// <param name="call">The propagations; a recorded one keeps what its backward needs.</param>
    internal torch.Tensor Compute(torch.Tensor fields, torch.Tensor? transmissions, StackCall call)
    {
        var (input, masks) = (FirstElement.Plain(fields), transmissions is null ? null : FirstElement.Plain(transmissions));
        var output = torch.empty(fields.shape, torch.ScalarType.ComplexFloat32);
        var batch = (int)fields.shape[0];
        lock (_lock)
        {
            var saved = masks is null || !call.IsRecorded ? null : Rent(call, batch);
            _engine.Forward(ref FirstElement.Of(input), ref FirstElement.OrNull(masks), call.Transfers, ref FirstElement.Of(output), batch, saved, Threads);
        }
        return output;
    }

    /// <summary>Computes the gradients that are asked for, of the fields and of the transmissions.</summary>
    /// <exception cref="InvalidOperationException">Another forward call took the memory of this one.</exception>
    internal torch.Tensor?[] Gradients(torch.Tensor outputGradient, StackCall call)
    {
        var shape = outputGradient.shape;
        var fields = call.WantsFields ? torch.empty(shape, torch.ScalarType.ComplexFloat32) : null;
        var masks = call.WantsTransmissions ? torch.empty([Layers, Points, Points], torch.ScalarType.ComplexFloat32) : null;
        var gradient = FirstElement.Plain(outputGradient.to(torch.ScalarType.ComplexFloat32));
        lock (_lock)
        {
            var saved = call.Saved;
            if (saved is not null && !ReferenceEquals(saved.Owner, call))
                throw new InvalidOperationException("the fields of this forward call were given up to a later one; call backward again only before the next forward.");
            _engine.Backward(
                ref FirstElement.Of(gradient), call.Transfers, saved, ref FirstElement.OrNull(masks), ref FirstElement.OrNull(fields), (int)shape[0], Threads);
            Return(call);
        }
        return [fields, masks];
    }

    private torch.Tensor Run(torch.Tensor fields, torch.Tensor? transmissions, IReadOnlyList<TransferKernel>? kernels)
    {
        Validate(fields, null, nameof(fields));
        Validate(kernels ?? Kernels);
        BackwardGuard.OfThisThread.ThrowIfAny();
        return StackFunction.Apply(fields, transmissions, new StackCall(this, fields.requires_grad, transmissions?.requires_grad ?? false, [.. (kernels ?? Kernels).Select(k => k.Arranged)]));
    }

    private void Validate(IReadOnlyList<TransferKernel> kernels)
    {
        if (kernels.Count != Layers || kernels.Any(k => (k.Points, k.PaddedLength, k.VectorBits) != (Points, _engine.PaddedLength, _engine.VectorBits)))
            throw new ArgumentException(
                $"Expected {Layers} kernels of {Points} points computed on {_engine.PaddedLength}, "
                + $"not {string.Join(", ", kernels.Select(k => $"{k.Points} on {k.PaddedLength}"))}.",
                nameof(kernels));
    }

    private void Validate(torch.Tensor tensor, int? count, string name)
    {
        var shape = tensor.shape;
        if (shape.Length != 3 || shape[0] < 1 || shape[0] != (count ?? shape[0]) || shape[1] != Points || shape[2] != Points
            || tensor.dtype != torch.ScalarType.ComplexFloat32 || tensor.device_type != DeviceType.CPU)
            throw new ArgumentException(
                $"Expected complex64 [{count?.ToString() ?? "B"}, {Points}, {Points}] on the CPU, " +
                $"not {tensor.dtype} [{string.Join(", ", shape)}] on {tensor.device}.",
                name);
    }

    private SavedFields Rent(StackCall call, int batch)
    {
        if (!_free.TryPop(out var saved))
            saved = _engine.Save(Layers, 0);
        saved.Reserve(batch);
        saved.Owner = call;
        return call.Saved = saved;
    }

    private void Return(StackCall call)
    {
        if (call.Saved is { } saved && !_free.Contains(saved))
            _free.Push(saved);
    }
}
