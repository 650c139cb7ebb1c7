using System.Collections.Concurrent;
using System.Numerics;
using OpticalQAT.Kernels;
using OpticalQAT.Optics.Fast;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// The propagation from one plane to the next: one transfer function, in the forms in which it is computed with. Each form is made
/// when it is first asked for. <see cref="Propagator"/> keeps those of its distances; what stands for one step alone, a
/// distance that is a little off, is made by <see cref="Propagator.At"/> and disposed of after the step.
/// </summary>
public sealed class Propagation : IDisposable
{
    private readonly Grid _grid;
    private readonly Lazy<TransferQuadrant> _quadrant;
    private readonly Lazy<TransferKernel> _kernel;
    private readonly ConcurrentDictionary<(string Device, ScalarType Precision, bool IsWorking), Tensor> _planes = new();

    internal Propagation(PropagatorKind kind, Wave wave, Grid grid, double distance, IReadOnlyList<Propagation>? lines = null)
    {
        Lines = lines ?? [this];
        (Wave, Distance, _grid) = (wave, distance, grid);
        _quadrant = new(() => kind.Quadrant(wave, grid, distance));
        _kernel = new(() => TransferKernel.Create(_quadrant.Value, grid.Size));
    }

    /// <summary>The light; of polychromatic light the design wavelength.</summary>
    public Wave Wave { get; }

    /// <summary>The same propagation for each wavelength of polychromatic light; where there is one alone, itself.</summary>
    public IReadOnlyList<Propagation> Lines { get; }

    /// <summary>z in metres; negative propagates back.</summary>
    public double Distance { get; }

    /// <summary>The form that the fast path takes.</summary>
    /// <exception cref="NotSupportedException">The fast path cannot do these sizes (<see cref="FastPropagation.Supports"/>).</exception>
    public TransferKernel Kernel => _kernel.Value;

    /// <summary>The transfer function: M×M, row-major, the FFT's own order, double precision.</summary>
    public Complex[] TransferFunction() => _quadrant.Value.Plane();

    /// <summary>The transfer function as a tensor on a device, [M, M], made once and kept as long as this.</summary>
    public Tensor TransferFunction(Device device, ScalarType precision) => On(device, precision, isWorking: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var line in Lines.Where(line => line != this))
            line.Dispose();
        foreach (var plane in _planes.Values)
            plane.Dispose();
        _planes.Clear();
    }

    /// <summary>
    /// The transfer function on the plane that torch computes on. Padding by more than is needed to keep the wrapped-round
    /// copies out is cut away: the same propagation, exactly, on a smaller plane (<see cref="PaddedLength"/>).
    /// </summary>
    internal Tensor OnWorkingPlane(Device device, ScalarType precision) =>
        On(device, precision, isWorking: _quadrant.Value.PaddedSize > 1.2 * PaddedLength.Sufficient(_grid.Size));

    private Tensor On(Device device, ScalarType precision, bool isWorking) =>
        _planes.GetOrAdd((device.ToString(), precision, isWorking), _ =>
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            var quadrant = isWorking ? Reembedding.Of(_quadrant.Value, _grid.Size, PaddedLength.Sufficient(_grid.Size)) : _quadrant.Value;
            return quadrant.Plane(device, precision).DetachFromDisposeScope();
        });
}
