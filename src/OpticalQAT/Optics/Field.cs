using OpticalQAT.Optics.Fast;
using OpticalQAT.Units;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>Fields in closed form on a grid: the sources of tests and of tasks with a fixed beam. All are complex128, [N, N].</summary>
public static class Field
{
    /// <summary>A plane wave of amplitude 1 that travels along the axis.</summary>
    public static Tensor PlaneWave(Grid grid) => ones(grid.Size, grid.Size, dtype: ScalarType.ComplexFloat64);

    /// <summary>A Gaussian beam at its waist: exp(-r²/w²), amplitude 1 on the axis.</summary>
    /// <param name="grid">The sampling.</param>
    /// <param name="waist">w, the radius at which the amplitude has fallen to 1/e.</param>
    public static Tensor GaussianBeam(Grid grid, Length waist) =>
        Sample(grid, (x, y) => Math.Exp(-(x * x + y * y) / (waist.Metres * waist.Metres)));

    /// <summary>A plane wave behind a circular aperture on the axis. A pixel that the edge cuts lets through the share of it that is open.</summary>
    /// <param name="grid">The sampling.</param>
    /// <param name="radius">The aperture's radius.</param>
    public static Tensor CircularAperture(Grid grid, Length radius)
    {
        const int Parts = 16;
        double pitch = grid.PixelPitch.Metres, r = radius.Metres;
        return Sample(grid, (x, y) =>
        {
            var distance = Math.Sqrt(x * x + y * y);
            if (Math.Abs(distance - r) > pitch)
                return distance < r ? 1 : 0;
            var open = 0;
            for (var i = 0; i < Parts * Parts; i++)
            {
                var dx = ((i % Parts + 0.5) / Parts - 0.5) * pitch;
                var dy = ((i / Parts + 0.5) / Parts - 0.5) * pitch;
                open += (x + dx) * (x + dx) + (y + dy) * (y + dy) <= r * r ? 1 : 0;
            }
            return (double)open / (Parts * Parts);
        });
    }

    /// <summary>The intensity |u|² of a field. Waves of different length do not interfere: over the wavelengths it is summed up.</summary>
    /// <param name="field">complex, [N, N] or [B, N, N]; [B, W, N, N] in light of several wavelengths.</param>
    /// <returns>Real, [N, N] or [B, N, N].</returns>
    public static Tensor Intensity(Tensor field)
    {
        if (field.dim() == 4)
        {
            using var each = IntensityOfEach(field);
            return each.sum(dim: 1L);
        }
        return IntensityOfEach(field);
    }

    private static Tensor IntensityOfEach(Tensor field)
    {
        if (field.device_type == DeviceType.CPU && field.dtype == ScalarType.ComplexFloat32)
            return IntensityFunction.Apply(field);
        using var scope = NewDisposeScope();
        return Squares(field).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The squares of real and imaginary parts, beside each other in a last dimension.</summary>
    internal static Tensor Squares(Tensor field)
    {
        using var plain = field.resolve_conj();
        using var parts = view_as_real(plain);
        return parts.square();
    }

    private static Tensor Sample(Grid grid, Func<double, double, double> amplitude)
    {
        var at = grid.Coordinates();
        var samples = new double[grid.Size, grid.Size];
        for (var row = 0; row < grid.Size; row++)
        {
            for (var column = 0; column < grid.Size; column++)
                samples[row, column] = amplitude(at[column], at[row]);
        }
        return tensor(samples).to(ScalarType.ComplexFloat64);
    }
}
