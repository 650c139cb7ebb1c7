using System.Collections.Concurrent;
using System.Numerics;
using OpticalQAT.Configuration;
using OpticalQAT.Kernels;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// Rayleigh and Sommerfeld's first integral: every sample is a source whose wave z/(2πr²)·(1/r-ik)·exp(ikr)·Δ² reaches
/// every sample of the next plane. The sum over the sources is a linear convolution: it is done on a padded plane of at least 2N-1
/// samples whatever the padding, so that nothing comes back in from another edge. Sampled well at long distances,
/// where the angular spectrum is not. Over 0 it is nothing, and backwards the conjugate. See Goodman, Introduction to
/// Fourier Optics, section 3.5.
/// </summary>
[Kind("rayleigh_sommerfeld")]
public sealed record RayleighSommerfeld : PropagatorKind
{
    private static readonly ConcurrentDictionary<(int Points, int Padded), Tensor> CosineSums = new();

    /// <inheritdoc/>
    public override bool KeepsPlaneWaves => false;

    /// <inheritdoc/>
    public override int PlaneSize(Grid grid) =>
        grid.PaddedSize >= 2 * grid.Size - 1 ? grid.PaddedSize : PaddedLength.Sufficient(grid.Size);

    /// <inheritdoc/>
    public override Complex[] TransferFunction(Wave wave, Grid grid, double distance) => Quadrant(wave, grid, distance).Plane();

    /// <inheritdoc/>
    internal override TransferQuadrant Quadrant(Wave wave, Grid grid, double distance)
    {
        var n = grid.Size;
        var quadrant = new TransferQuadrant(PlaneSize(grid));
        if (distance == 0)
        {
            Array.Fill(quadrant.Real, 1);
            return quadrant;
        }
        var (real, imaginary) = (new double[n * n], new double[n * n]);
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var value = Kernel(wave, grid.PixelPitch.Metres, row, column, Math.Abs(distance));
                real[row * n + column] = real[column * n + row] = value.Real;
                imaginary[row * n + column] = imaginary[column * n + row] = distance < 0 ? -value.Imaginary : value.Imaginary;
            }
        }
        Sum(real, quadrant.Real);
        Sum(imaginary, quadrant.Imaginary);
        return quadrant;

        void Sum(double[] kernel, double[] transfer)
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            var cosines = CosineSums.GetOrAdd((n, quadrant.PaddedSize), static size => Cosines(size.Points, size.Padded));
            cosines.matmul(tensor(kernel, [n, n])).matmul(cosines.t()).data<double>().CopyTo(transfer);
        }
    }

    /// <inheritdoc/>
    public override Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables)
    {
        using var scope = NewDisposeScope();
        long n = grid.Size, m = PlaneSize(grid);
        var index = arange(m, dtype: ScalarType.Float64);
        var lag = minimum(index, m - index);
        var (z, pitch) = (variables.Distance.abs(), variables.Pitch);
        var squared = (lag * pitch).square();
        var r = (squared + squared.unsqueeze(1) + z.square()).sqrt();
        var k = 2 * Math.PI * wave.MediumIndex / variables.Wavelength;
        var reached = lag.lt(n).to(ScalarType.Float64);
        var strength = z * pitch.square() / (2 * Math.PI * r.square()) * reached * reached.unsqueeze(1);
        var kernel = complex(strength / r, -strength * k) * complex((k * r).cos(), (k * r).sin());
        var transfer = fft.fft2(variables.Distance.item<double>() < 0 ? kernel.conj() : kernel);
        return transfer.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The phase kr turns from sample to sample by up to k·Δ·x/sqrt(x²+z²), which must stay below π for every x up to (N-1)·Δ.</remarks>
    public override string? SamplingWarning(Wave wave, Grid grid, Length distance)
    {
        var (z, pitch) = (Math.Abs(distance.Metres), grid.PixelPitch.Metres);
        if (z == 0)
            return null;
        if (z < pitch)
        {
            return $"rayleigh_sommerfeld over {distance}: that is less than the distance between two samples, {grid.PixelPitch}, and its kernel falls between them. "
                + "Remedy: a finer pitch, or the kind angular_spectrum, which is sampled at short distances.";
        }
        var steepest = 0.5 / (pitch * wave.Cutoff);
        var widest = (grid.Size - 1) * pitch;
        if (steepest >= 1 || widest * Math.Sqrt(1 - steepest * steepest) <= steepest * z)
            return null;
        var reach = steepest / Math.Sqrt(1 - steepest * steepest) * z / pitch;
        var enough = widest * Math.Sqrt(1 / (steepest * steepest) - 1);
        // three digits of a little more, which are read at a glance
        var rounded = new Length(enough * 1.005).Rounded(3);
        return $"rayleigh_sommerfeld over {distance}: its kernel aliases further than {reach:0.#} samples to the side (the plane has {grid.Size}), "
            + "where it makes light that is not there. "
            + $"Remedy: a finer pitch, at least {rounded} of distance, or the kind angular_spectrum, which is sampled at short distances.";
    }

    private static Complex Kernel(Wave wave, double pitch, int row, int column, double z)
    {
        var (x, y) = (column * pitch, row * pitch);
        var r = Math.Sqrt(x * x + y * y + z * z);
        return z * pitch * pitch / (2 * Math.PI * r * r) * new Complex(1 / r, -wave.Wavenumber) * Wave.UnitPhasor(r * wave.Cutoff);
    }

    /// <summary>From a kernel at the lags 0 … N-1 to its transfer function at the frequencies 0 … ⌊M/2⌋, along one axis; float64, [M/2+1, N].</summary>
    private static Tensor Cosines(int points, int padded)
    {
        using var scope = NewDisposeScope();
        var lags = arange(points, dtype: ScalarType.Float64);
        var frequencies = arange(padded / 2 + 1, dtype: ScalarType.Float64);
        // A lag stands for its opposite too; 0 is its own.
        var pairs = lags.ne(0).to(ScalarType.Float64) + 1;
        return ((outer(frequencies, lags) * (2 * Math.PI / padded)).cos() * pairs).DetachFromDisposeScope();
    }
}
