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
    private readonly ConcurrentDictionary<double, Propagation> _kept = new();
    private FastStack? _bare;

    /// <summary>The kernel that fills the transfer functions.</summary>
    public PropagatorKind Kind { get; } = kind;

    /// <summary>The light and the medium; of polychromatic light the design wavelength.</summary>
    public Wave Wave { get; } = wave;

    /// <summary>A propagator for each wavelength of polychromatic light; where there is one alone, itself.</summary>
    public IReadOnlyList<Propagator> Lines { get => field ?? [this]; init; }

    /// <summary>The sampling of the planes.</summary>
    public Grid Grid { get; } = grid;

    /// <summary>The way over a distance, made once and kept: for the distances of a model, not for those that change from step to step.</summary>
    /// <param name="distance">z in metres; negative propagates back.</param>
    public Propagation Over(double distance) =>
        _kept.GetOrAdd(distance, static (z, self) => self.Propagation(z, self.Wave, self.Grid, line => line.Over(z)), this);

    /// <summary>The way over a distance under conditions of its own, made anew at every call and not kept: it is the caller's.</summary>
    /// <param name="distance">z in metres.</param>
    /// <param name="pitchScale">What the samples' distance is multiplied by.</param>
    /// <param name="wavelengthScale">What the wavelength is multiplied by.</param>
    public Propagation At(double distance, double pitchScale = 1, double wavelengthScale = 1) => Propagation(
        distance,
        Wave with { Wavelength = Wave.Wavelength * wavelengthScale },
        Grid with { PixelPitch = Grid.PixelPitch * pitchScale },
        line => line.At(distance, pitchScale, wavelengthScale));

    /// <summary>The field a distance further on.</summary>
    /// <param name="field">complex64 or complex128, […, N, N]; in light of W wavelengths [B, W, N, N].</param>
    /// <param name="distance">z in metres; negative propagates back.</param>
    /// <returns>The same shape and type; what left the plane is lost.</returns>
    /// <exception cref="ArgumentException">The field does not fit the grid.</exception>
    public Tensor Propagate(Tensor field, double distance) => Propagate(field, Over(distance));

    /// <summary>The field at the other end of a propagation.</summary>
    /// <param name="field">complex64 or complex128, […, N, N]; in light of W wavelengths [B, W, N, N].</param>
    /// <param name="propagation">Of this propagator; must outlive the backward pass.</param>
    /// <returns>The same shape and type; what left the plane is lost.</returns>
    /// <exception cref="ArgumentException">The field does not fit the grid.</exception>
    public Tensor Propagate(Tensor field, Propagation propagation)
    {
        Check(field);
        if (Lines.Count > 1)
            return PropagateEach(field, propagation);

        return field.dim() == 3 && IsFast(field)
            ? (_bare ??= new FastStack(propagation.Kernel)).Propagate(field, [propagation.Kernel])
            : PropagationFunction.Apply(field, propagation.OnWorkingPlane(field.device, field.dtype));
    }

    /// <summary>
    /// The field a distance further on, differentiable in the geometry as well: by torch, its transfer function worked out
    /// in float64 at every call. For what never changes the overloads with a number are several times faster.
    /// </summary>
    /// <param name="field">complex64 or complex128, […, N, N]; in light of W wavelengths [B, W, N, N].</param>
    /// <param name="distance">float64, a scalar: z in metres, not 0; negative propagates back.</param>
    /// <param name="pitchScale">float64, a scalar: what the samples' distance is multiplied by; 1 where it is left out.</param>
    /// <param name="wavelengthScale">float64, a scalar: what the wavelength is multiplied by; 1 where it is left out.</param>
    /// <returns>The same shape and type; what left the plane is lost.</returns>
    /// <exception cref="ArgumentException">The field does not fit the grid.</exception>
    public Tensor Propagate(Tensor field, Tensor distance, Tensor? pitchScale = null, Tensor? wavelengthScale = null)
    {
        Check(field);
        using var scope = NewDisposeScope();
        if (Lines.Count > 1)
            return stack(Lines.Select((line, w) => line.Propagate(field.select(1, w), distance, pitchScale, wavelengthScale)), dim: 1).MoveToOuterDisposeScope();
        using var one = ones([], ScalarType.Float64);
        var variables = new PropagationVariables(distance, (pitchScale ?? one) * Grid.PixelPitch.Metres, (wavelengthScale ?? one) * Wave.Wavelength.Metres);
        var transfer = Kind.TransferFunction(Wave, Grid, variables).to(field.dtype, field.device);
        long n = Grid.Size, m = transfer.shape[^1];
        return fft.ifft2(fft.fft2(field, s: [m, m]) * transfer).narrow(-2, 0, n).narrow(-1, 0, n).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The same propagations with caches of their own, all of them by torch: for many distances that are needed once.</summary>
    public Propagator OnTorch() =>
        Lines.Count == 1 ? new(Kind, Wave, Grid, mayBeFast: false) : new(Kind, Wave, Grid, mayBeFast: false) { Lines = [.. Lines.Select(line => line.OnTorch())] };

    /// <summary>Whether fields like this one take the CPU's fast path.</summary>
    public bool IsFast(Tensor field) =>
        mayBeFast && field.device_type == DeviceType.CPU && field.dtype == ScalarType.ComplexFloat32
        && FastPropagation.Supports(Grid.Size, Kind.PlaneSize(Grid), out _);

    /// <summary>A stack of propagations on the CPU's fast path, with room for a mask before each.</summary>
    /// <param name="distances">In metres, in layer order.</param>
    public FastStack FastStack(IEnumerable<double> distances) => new([.. distances.Select(z => Over(z).Kernel)]);

    /// <summary>The transfer function over a distance: M×M, row-major, the FFT's own order, double precision.</summary>
    /// <param name="distance">z in metres.</param>
    public Complex[] TransferFunction(double distance) => Over(distance).TransferFunction();

    /// <summary>The transfer function as a tensor on a device, [M, M], made once and kept.</summary>
    public Tensor TransferFunction(double distance, Device device, ScalarType precision) =>
        Over(distance).TransferFunction(device, precision);

    private Propagation Propagation(double distance, Wave wave, Grid grid, Func<Propagator, Propagation> ofLine) =>
        new(Kind, wave, grid, distance, Lines.Count == 1 ? null : [.. Lines.Select(ofLine)]);

    private void Check(Tensor field)
    {
        var n = Grid.Size;
        if (field.dim() < 2 || field.shape[^1] != n || field.shape[^2] != n)
            throw new ArgumentException($"the field has shape [{string.Join(", ", field.shape)}], but the grid is {n}×{n}", nameof(field));
        if (Lines.Count > 1 && (field.dim() != 4 || field.shape[1] != Lines.Count))
            throw new ArgumentException($"the field has shape [{string.Join(", ", field.shape)}], but the light has {Lines.Count} wavelengths: it must be [B, {Lines.Count}, N, N]", nameof(field));
    }

    private Tensor PropagateEach(Tensor field, Propagation propagation)
    {
        using var scope = NewDisposeScope();
        return stack(Lines.Select((line, w) => line.Propagate(field.select(1, w), propagation.Lines[w])), dim: 1).MoveToOuterDisposeScope();
    }
}
