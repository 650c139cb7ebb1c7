using OpticalQAT.Configuration;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// Square regions in centred rows, as even in length as they can be: ten stand as 3, 4, 3. This is the layout of the
/// first diffractive classifiers (Lin et al., Science 361, 1004, 2018). The signal of a class is its region's share of
/// the power in all of them.
/// </summary>
[Kind("grid")]
public sealed record GridDetector : DetectorKind
{
    /// <summary>The gain of the shares of power before they enter the cross-entropy. The largest lever of all settings: too low and the loss cannot tell good from very good.</summary>
    public override double Gain { get; init; } = 130;

    /// <summary>The number of regions: one for each class.</summary>
    [AtLeast(2), AtMost(1000)]
    public required int Regions { get; init; }

    /// <summary>The share of the plane's width over which the regions spread.</summary>
    [Above(0), AtMost(1)]
    public double Extent { get; init; } = 0.9;

    /// <summary>The width of a region as a share of the distance between two of them.</summary>
    [Above(0), AtMost(1)]
    public double Fill { get; init; } = 0.65;

    /// <summary>The width of a region as a length, in place of <see cref="Fill"/>; rounded to whole samples.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public Length? RegionSize { get; init; }

    /// <summary>The distance from the middle of a region to the next as a length, in place of <see cref="Extent"/>.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public Length? RegionSpacing { get; init; }

    /// <inheritdoc/>
    public override int ClassCount => Regions;

    /// <inheritdoc/>
    public override string ClassCountKey => "regions";

    /// <inheritdoc/>
    public override DetectorRegion[] Layout(Grid grid)
    {
        var rows = CentredRows.LengthsOf(Regions, (int)Math.Max(1, Math.Round(Math.Sqrt(Regions))));
        var spacing = RegionSpacing is { } between ? grid.SamplesIn(between) : grid.Size * Extent / Math.Max(rows.Length, rows.Max());
        var width = RegionSize is { } size ? (int)Math.Round(grid.SamplesIn(size)) : CentredRows.Covered(spacing, Fill);
        if (width < 1)
            throw new ArgumentException($"{Regions} regions in {grid.Size} samples leave less than one sample for each; a larger grid, extent or fill gives them room");
        return [.. new CentredRows(rows, spacing, spacing, width, width).Corners(grid).Select((corner, k) => new DetectorRegion(corner.Left, corner.Top, width, width, k))];
    }

    /// <inheritdoc/>
    public override Tensor Signals(Tensor powers)
    {
        using var scope = NewDisposeScope();
        return (powers / powers.sum(1, keepdim: true).clamp(min: Dark)).MoveToOuterDisposeScope();
    }

    /// <summary>(P₁-P₂)/(P₁+P₂).</summary>
    public override Tensor Contrast(Tensor powers, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (Pick(powers, first), Pick(powers, second));
        return ((one - other) / (one + other).clamp(min: Dark)).MoveToOuterDisposeScope();
    }
}
