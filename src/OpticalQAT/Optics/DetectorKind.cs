using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>A rectangle of the output plane, in samples.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct DetectorRegion(int Left, int Top, int Width, int Height);

/// <summary>Where the light is collected behind the last layer, and how scores come of it.</summary>
[Family("detector")]
public abstract record DetectorKind : Variant
{
    /// <summary>What the normalised powers are multiplied by before they enter the cross-entropy. The largest lever of all settings: too low and the loss cannot tell good from very good.</summary>
    [Above(0)]
    public double Gain { get; init; } = 130;

    /// <summary>Whether the gain is learnt along with the heights, from <see cref="Gain"/> on.</summary>
    public bool LearnGain { get; init; }

    /// <summary>The regions of the output plane, one for each class.</summary>
    /// <exception cref="ArgumentException">They do not fit the grid.</exception>
    public abstract DetectorRegion[] Layout(Grid grid);

    /// <summary>The regions as weights over the plane, so that powers are one matrix product.</summary>
    /// <returns>float32, [N·N, regions], 1 inside and 0 outside.</returns>
    public Tensor Windows(Grid grid)
    {
        var regions = Layout(grid);
        var windows = new float[grid.Size * grid.Size, regions.Length];
        for (var k = 0; k < regions.Length; k++)
        {
            for (var row = 0; row < regions[k].Height; row++)
            {
                for (var column = 0; column < regions[k].Width; column++)
                    windows[(regions[k].Top + row) * grid.Size + regions[k].Left + column, k] = 1;
            }
        }
        return tensor(windows);
    }
}
