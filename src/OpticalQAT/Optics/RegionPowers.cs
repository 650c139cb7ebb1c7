using OpticalQAT.Kernels;
using OpticalQAT.Optics.Fast;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>The power in each region of a detector, differentiable in the field.</summary>
/// <param name="detector">Which lays out its regions.</param>
/// <param name="grid">The output plane's sampling.</param>
public sealed class RegionPowers(DetectorKind detector, Grid grid)
{
    // Each window twice, for the squares of the real and of the imaginary parts, which lie beside each other.
    private readonly PerDevice _windows = new(() => detector.Windows(grid).repeat_interleave(2, dim: 0));
    private readonly Rectangle[] _rectangles = [.. detector.Layout(grid).Select(region => new Rectangle(region.Left, region.Top, region.Width, region.Height))];

    /// <summary>The detector regions.</summary>
    public IReadOnlyList<DetectorRegion> Regions { get; } = detector.Layout(grid);

    /// <summary>The sum of |u|² over each region.</summary>
    /// <param name="field">complex64, [B, N, N], or [B, W, N, N] in light of several wavelengths.</param>
    /// <returns>float32, [B, regions].</returns>
    public Tensor Of(Tensor field)
    {
        if (field.dim() == 3 && field.device_type == DeviceType.CPU && field.dtype == ScalarType.ComplexFloat32)
            return RegionPowersFunction.Apply(field, _rectangles);
        using var scope = NewDisposeScope();
        var squares = Field.Squares(field);
        if (field.dim() == 4)
            squares = squares.sum(dim: 1L);
        return squares.flatten(start_dim: 1).matmul(_windows.On(field.device).to(squares.dtype)).MoveToOuterDisposeScope();
    }
}
