using System.Collections.Concurrent;
using System.Numerics;
using OpticalQAT.Optics.Fast;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// Carries fields from plane to plane: zero-pad to M×M, transform, multiply by the transfer function, transform
/// back, crop to N×N. The planes stand in the corner of the padded ones and everything stays in the FFT's own order:
/// nothing is shifted. Transfer functions are worked out once in float64 for each distance and kept. Fields in
/// complex64 on the CPU take the fast path where it can do the sizes; everything else is left to torch.
/// </summary>
/// <param name="kind">What spectra are multiplied by.</param>
/// <param name="wave">The light and the medium.</param>
/// <param name="grid">The sampling of the planes.</param>
/// <param name="mayBeFast">Whether the fast path may be taken.</param>
public sealed class Propagator(PropagatorKind kind, Wave wave, Grid grid, bool mayBeFast = true)
{
    private readonly ConcurrentDictionary<double, FastStack> _fast = new();
    private readonly ConcurrentDictionary<double, Complex[]> _exact = new();
    private readonly ConcurrentDictionary<(double Distance, string Device, ScalarType Precision), Tensor> _onDevice = new();
    private readonly ConcurrentDictionary<(double Distance, string Device, ScalarType Precision), Tensor> _working = new();

    /// <summary>The light and the medium.</summary>
    public Wave Wave { get; } = wave;

    /// <summary>The sampling of the planes.</summary>
    public Grid Grid { get; } = grid;

    /// <summary>The transfer function over a distance: M×M, row-major, the FFT's own order, double precision.</summary>
    /// <param name="distance">z in metres.</param>
    public Complex[] TransferFunction(double distance) =>
        _exact.GetOrAdd(distance, static (z, self) => self.Kind.TransferFunction(self.Wave, self.Grid, z), this);

    /// <summary>The kernel that fills the transfer functions.</summary>
    public PropagatorKind Kind { get; } = kind;

    /// <summary>The field a distance further on.</summary>
    /// <param name="field">complex64 or complex128, […, N, N].</param>
    /// <param name="distance">z in metres; negative propagates back.</param>
    /// <returns>The same shape and type; what left the plane is lost.</returns>
    /// <exception cref="ArgumentException">The field does not fit the grid.</exception>
    public Tensor Propagate(Tensor field, double distance)
    {
        long n = Grid.Size, m = Grid.PaddedSize;
        if (field.dim() < 2 || field.shape[^1] != n || field.shape[^2] != n)
            throw new ArgumentException($"the field has shape [{string.Join(", ", field.shape)}], but the grid is {n}×{n}", nameof(field));

        if (field.dim() == 3 && IsFast(field))
            return _fast.GetOrAdd(distance, static (z, self) => self.FastStack([z]), this).Propagate(field);

        return PropagationFunction.Apply(field, OnWorkingPlane(distance, field.device, field.dtype));
    }

    /// <summary>Whether fields like this one take the CPU's fast path.</summary>
    public bool IsFast(Tensor field) =>
        mayBeFast && field.device_type == DeviceType.CPU && field.dtype == ScalarType.ComplexFloat32
        && FastPropagation.Supports(Grid.Size, Grid.PaddedSize, out _);

    /// <summary>A stack of propagations on the CPU's fast path, with room for a mask before each.</summary>
    /// <param name="distances">In metres, in the light's order.</param>
    public FastStack FastStack(IEnumerable<double> distances)
    {
        var kernels = distances.Distinct().ToDictionary(z => z, z =>
            TransferKernel.Create(TransferFunction(z, CPU, ScalarType.ComplexFloat64), Grid.Size));
        return new FastStack([.. distances.Select(z => kernels[z])]);
    }

    /// <summary>
    /// The transfer function on the plane that torch computes on. Padding by more than is needed to keep the wrapped-round
    /// copies out is cut away: the same propagation, exactly, on a smaller plane (<see cref="PaddedLength"/>).
    /// </summary>
    private Tensor OnWorkingPlane(double distance, Device device, ScalarType precision)
    {
        var length = PaddedLength.Sufficient(Grid.Size);
        if (Grid.PaddedSize <= 1.2 * length)
            return TransferFunction(distance, device, precision);
        return _working.GetOrAdd((distance, device.ToString(), precision), key =>
        {
            using var scope = NewDisposeScope();
            var exact = TransferFunction(key.Distance, CPU, ScalarType.ComplexFloat64);
            return PaddedLength.Reembed(exact, Grid.Size, length).to(key.Precision, device, copy: true).DetachFromDisposeScope();
        });
    }

    /// <summary>The transfer function as a tensor on a device, [M, M], made once and kept.</summary>
    public Tensor TransferFunction(double distance, Device device, ScalarType precision) =>
        _onDevice.GetOrAdd((distance, device.ToString(), precision), key =>
        {
            using var scope = NewDisposeScope();
            using var exact = ComplexTensor.Of(TransferFunction(key.Distance), Grid.PaddedSize, Grid.PaddedSize);
            return exact.to(key.Precision, device, copy: true).DetachFromDisposeScope();
        });
}
