using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>A rectangle of the output plane, in samples, and what the light in it says.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Class">The class that it stands for.</param>
/// <param name="IsNegative">Whether its light speaks against the class, as in differential detection.</param>
public readonly record struct DetectorRegion(int Left, int Top, int Width, int Height, int Class, bool IsNegative = false)
{
    /// <summary>Whether two regions share a sample.</summary>
    public bool Overlaps(DetectorRegion other) =>
        Left < other.Left + other.Width && other.Left < Left + Width && Top < other.Top + other.Height && other.Top < Top + Height;
}

/// <summary>
/// The detector, which collects the light behind the last layer, and makes scores of it. A kind lays out its regions and turns
/// their powers into a signal for each class; the class of the highest signal is the answer.
/// </summary>
[Family("detector")]
public abstract record DetectorKind : Variant
{
    /// <summary>Power below which a sum counts as darkness, so that no light gives a signal of 0 with finite gradients.</summary>
    protected const float Dark = 1e-30f;

    /// <summary>The gain of the signals before they enter the cross-entropy. The largest lever of all settings: too low and the loss cannot tell good from very good.</summary>
    [AtLeast(1e-6), AtMost(1e9)]
    public abstract double Gain { get; init; }

    /// <summary>Whether the gain is learnt along with the heights, from <see cref="Gain"/> on.</summary>
    public bool LearnGain { get; init; }

    /// <summary>The number of classes.</summary>
    public abstract int ClassCount { get; }

    /// <summary>The key, relative to the detector, that says so.</summary>
    public abstract string ClassCountKey { get; }

    /// <summary>The regions of the output plane, those of a class anywhere among them.</summary>
    /// <exception cref="ArgumentException">They do not fit the grid.</exception>
    public abstract DetectorRegion[] Layout(Grid grid);

    /// <summary>The signal of each class, without the gain; whatever the brightness of the light, for all powers times the same factor give the same signals.</summary>
    /// <param name="powers">[B, regions], not negative.</param>
    /// <returns>[B, classes].</returns>
    public abstract Tensor Signals(Tensor powers);

    /// <summary>The contrast of one class before another: 0 where they are even, 1 where all light speaks for the first, -1 where all speaks for the second.</summary>
    /// <param name="powers">[B, regions].</param>
    /// <param name="first">int64, [B], the one class.</param>
    /// <param name="second">int64, [B], the other.</param>
    /// <returns>[B].</returns>
    public abstract Tensor Contrast(Tensor powers, Tensor first, Tensor second);

    /// <summary>Of each row the value in that column.</summary>
    protected static Tensor Pick(Tensor values, Tensor column) => values.gather(1, column.unsqueeze(1)).squeeze(1);

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
