using System.Numerics;
using OpticalQAT.Configuration;
using OpticalQAT.Kernels;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// The propagation of light from plane to plane. A kind says what a spectrum is multiplied by; <see cref="Propagator"/> does
/// the padding, the transforms and the cropping for all of them.
/// </summary>
[Family("propagator")]
public abstract record PropagatorKind : Variant
{
    /// <summary>
    /// Whether every plane wave of the padded plane passes as it is or not at all, |H| = 1 or 0: what goes there comes
    /// back, and periodic light stays periodic. Not so where the kernel ends at the plane's width.
    /// </summary>
    public virtual bool KeepsPlaneWaves => true;

    /// <summary>Whether it holds near the axis only.</summary>
    public virtual bool IsParaxial => false;

    /// <summary>Samples a side of the padded plane on which the transfer function is given, M; that of the grid, unless the kind needs another.</summary>
    public virtual int PlaneSize(Grid grid) => grid.PaddedSize;

    /// <summary>The propagator over a distance: the kind itself, or the one that it chooses, and why.</summary>
    public virtual PropagatorChoice Choose(Wave wave, Grid grid, double distance) => new(this, null);

    /// <summary>The transfer function on the padded plane, in double precision.</summary>
    /// <param name="wave">The light and the medium.</param>
    /// <param name="grid">The planes' sampling.</param>
    /// <param name="distance">z in metres; negative propagates back.</param>
    /// <returns>M×M values in row-major order, frequencies in the FFT's own order.</returns>
    public abstract Complex[] TransferFunction(Wave wave, Grid grid, double distance);

    /// <summary>A warning of what of this kernel cannot be sampled on the grid at the distance, as one sentence with numbers and the remedy; null when nothing is lost.</summary>
    public abstract string? SamplingWarning(Wave wave, Grid grid, Length distance);

    /// <summary>The same as a differentiable function of distance, pitch and wavelength, by torch.</summary>
    /// <param name="wave">The medium; the wavelength is taken from the variables.</param>
    /// <param name="grid">The planes' sizes; the pitch is taken from the variables.</param>
    /// <param name="variables">What it depends on.</param>
    /// <returns>complex128, [M, M], in the FFT's own order, on the host.</returns>
    public abstract Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables);

    /// <summary>
    /// The same by its values at the frequencies that are not negative: what propagations are made of. A kind whose values
    /// follow from a formula works out these alone (<see cref="PlaneWaves"/>); by default they are taken from the whole plane.
    /// </summary>
    internal virtual TransferQuadrant Quadrant(Wave wave, Grid grid, double distance) =>
        TransferQuadrant.Of(TransferFunction(wave, grid, distance), PlaneSize(grid));

    /// <summary>Free space, plane wave by plane wave, up to a frequency along each axis; half a quadrant is worked out, the rest mirrored.</summary>
    /// <param name="wave">The light and the medium.</param>
    /// <param name="grid">The planes' sampling.</param>
    /// <param name="distance">z in metres.</param>
    /// <param name="limit">The highest frequency |fx|, |fy| that is kept, in cycles per metre.</param>
    private protected static TransferQuadrant PlaneWaves(Wave wave, Grid grid, double distance, double limit = double.PositiveInfinity)
    {
        var quadrant = new TransferQuadrant(grid.PaddedSize);
        var room = (quadrant.Side + Wave.FactorsAtOnce - 1) / Wave.FactorsAtOnce * Wave.FactorsAtOnce;
        var step = 1 / grid.PaddedWidth.Metres;
        double[] squares = [.. Enumerable.Range(0, room).Select(i => i * step * (i * step))];
        var (real, imaginary) = (new double[room], new double[room]);
        for (var row = 0; row < quadrant.Side && row * step <= limit; row++)
        {
            var count = row / Wave.FactorsAtOnce * Wave.FactorsAtOnce + Wave.FactorsAtOnce;
            wave.PlaneWaveFactors(squares[row], squares.AsSpan(0, count), distance, real, imaginary);
            for (var column = 0; column <= row; column++)
                quadrant.SetBoth(row, column, real[column], imaginary[column]);
        }
        return quadrant;
    }

    /// <summary>Free space, plane wave by plane wave, as a differentiable function.</summary>
    protected static Tensor DifferentiablePlaneWaves(Wave wave, Grid grid, PropagationVariables variables)
    {
        using var scope = NewDisposeScope();
        var squared = SquaredFrequencies(grid, variables.Pitch);
        var longitudinal = (wave.MediumIndex / variables.Wavelength).square() - squared - squared.unsqueeze(1);
        // The root's slope is infinite where it ends: there, and beyond, it must not be asked for.
        var travels = longitudinal.detach().gt(0);
        var phase = 2 * Math.PI * variables.Distance * where(travels, longitudinal, ones_like(longitudinal)).sqrt() * travels;
        return (complex(phase.cos(), phase.sin()) * longitudinal.detach().ge(0)).MoveToOuterDisposeScope();
    }

    /// <summary>f² at the FFT's own frequencies of the padded plane, float64, [M].</summary>
    protected static Tensor SquaredFrequencies(Grid grid, Tensor pitch)
    {
        var m = grid.PaddedSize;
        var index = arange(m, dtype: ScalarType.Float64);
        return (minimum(index, m - index) / (m * pitch)).square();
    }
}

/// <summary>The propagator between two planes.</summary>
/// <param name="Kind">The propagator.</param>
/// <param name="Reason">Why it was picked; null where there was nothing to pick.</param>
public sealed record PropagatorChoice(PropagatorKind Kind, string? Reason);
