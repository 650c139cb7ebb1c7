using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>The square in the middle of every plane in which the object stands, and in which its image is looked for.</summary>
/// <param name="Samples">Samples a side, n.</param>
/// <param name="Grid">The planes.</param>
public sealed record ObjectWindow(int Samples, Grid Grid)
{
    /// <summary>The first row and column inside; where the rest cannot be halved, the smaller part comes first.</summary>
    public int First => (Grid.Size - Samples) / 2;

    /// <summary>Values of another size at the window's: bilinear where they become more (half-pixel centres), means of areas where they become fewer.</summary>
    /// <param name="values">float32, [B, h, w].</param>
    /// <returns>float32, [B, n, n].</returns>
    public Tensor Resample(Tensor values)
    {
        using var scope = NewDisposeScope();
        var isSmaller = values.shape[1] <= Samples && values.shape[2] <= Samples;
        var planes = values.unsqueeze(1);
        var resampled = isSmaller
            ? nn.functional.interpolate(planes, [Samples, Samples], mode: InterpolationMode.Bilinear, align_corners: false)
            : nn.functional.adaptive_avg_pool2d(planes, Samples);
        return resampled.squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>A plane that holds the values in the window, and one value everywhere else.</summary>
    /// <param name="inside">complex64, [B, n, n].</param>
    /// <param name="outside">The field around the window.</param>
    /// <returns>complex64, [B, N, N].</returns>
    public Tensor Embed(Tensor inside, double outside)
    {
        using var scope = NewDisposeScope();
        var plane = full([inside.shape[0], Grid.Size, Grid.Size], outside, dtype: inside.dtype, device: inside.device);
        plane.narrow(1, First, Samples).narrow(2, First, Samples).copy_(inside);
        return plane.MoveToOuterDisposeScope();
    }

    /// <summary>A view of the window.</summary>
    /// <param name="plane">[B, N, N].</param>
    /// <returns>[B, n, n].</returns>
    public Tensor Crop(Tensor plane)
    {
        using var scope = NewDisposeScope();
        return plane.narrow(1, First, Samples).narrow(2, First, Samples).MoveToOuterDisposeScope();
    }
}
