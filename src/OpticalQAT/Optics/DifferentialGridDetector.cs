using OpticalQAT.Configuration;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>The layout of the two regions of a class.</summary>
public enum RegionArrangement
{
    /// <summary>Side by side, the one that speaks for the class on the left.</summary>
    Pairs,

    /// <summary>In two halves of the plane: above those that speak for the classes, below in the same order those that speak against them.</summary>
    Halves,
}

/// <summary>The divisor of the difference of a pair, so that the signals do not depend on the brightness of the light.</summary>
public enum DifferenceScale
{
    /// <summary>The pair's own power: (P₊-P₋)/(P₊+P₋), as published.</summary>
    Pair,

    /// <summary>The power in all regions: (P₊-P₋)/ΣP. A pair in the dark says little.</summary>
    Total,
}

/// <summary>
/// Two regions for each class, of which one speaks for it and one against it: the signal is (P₊-P₋)/(P₊+P₋), from -1
/// to 1 (Li et al., Advanced Photonics 1, 046001, 2019). Light has no negative power; the difference of two regions has.
/// The rectangles stand in centred rows, in as many as make them most nearly square.
/// </summary>
[Kind("differential_grid")]
public sealed record DifferentialGridDetector : DetectorKind
{
    // A pair that is dark beside the others gives no signal rather than one of noise.
    private const double Floor = 1e-6;

    /// <summary>The gain of the normalised differences before they enter the cross-entropy. The default suits pairs; differences over the total are some eight times smaller.</summary>
    public override double Gain { get; init; } = 20;

    /// <summary>The number of classes, each with two regions.</summary>
    [AtLeast(2), AtMost(500)]
    public required int Classes { get; init; }

    /// <summary>The divisor of the difference of a pair's powers.</summary>
    public DifferenceScale Scale { get; init; } = DifferenceScale.Pair;

    /// <summary>The layout of the two regions of a class.</summary>
    public RegionArrangement Arrangement { get; init; } = RegionArrangement.Pairs;

    /// <summary>The share of the plane's width and height over which the regions spread.</summary>
    [Above(0), AtMost(1)]
    public double Extent { get; init; } = 0.9;

    /// <summary>The width and height of a region as shares of the distances between two of them.</summary>
    [Above(0), AtMost(1)]
    public double Fill { get; init; } = 0.5;

    /// <summary>The width and height of a region as a length, in place of <see cref="Fill"/>; rounded to whole samples.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public Length? RegionSize { get; init; }

    /// <summary>The distance from the middle of a region to the next, both ways, as a length, in place of <see cref="Extent"/>.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public Length? RegionSpacing { get; init; }

    /// <inheritdoc/>
    public override int ClassCount => Classes;

    /// <inheritdoc/>
    public override string ClassCountKey => "classes";

    private bool IsPaired => Arrangement == RegionArrangement.Pairs;

    /// <summary>Regions come as class 0 for, class 0 against, class 1 for, …, whatever the arrangement.</summary>
    public override DetectorRegion[] Layout(Grid grid)
    {
        var lengths = BestRows();
        var (columns, lines) = Cells(lengths);
        var across = RegionSpacing is { } between ? grid.SamplesIn(between) : grid.Size * Extent / columns;
        var down = RegionSpacing is null ? grid.Size * Extent / lines : across;
        var width = RegionSize is { } size ? (int)Math.Round(grid.SamplesIn(size)) : CentredRows.Covered(across, Fill);
        var height = RegionSize is null ? CentredRows.Covered(down, Fill) : width;
        if (width < 1 || height < 1)
            throw new ArgumentException($"{2 * Classes} regions in {grid.Size} samples leave less than one sample for each; a larger grid, extent or fill gives them room");
        int[] rows = IsPaired ? [.. lengths.Select(length => 2 * length)] : [.. lengths, .. lengths];
        var corners = new CentredRows(rows, across, down, width, height).Corners(grid).ToArray();
        return [.. Enumerable.Range(0, Classes).SelectMany(k => new[] { At(k, false), At(k, true) })];

        DetectorRegion At(int k, bool isNegative)
        {
            var corner = corners[IsPaired ? 2 * k + (isNegative ? 1 : 0) : k + (isNegative ? Classes : 0)];
            return new DetectorRegion(corner.Left, corner.Top, width, height, k, isNegative);
        }
    }

    /// <inheritdoc/>
    public override Tensor Signals(Tensor powers)
    {
        using var scope = NewDisposeScope();
        var (positive, negative) = Pairs(powers);
        var total = powers.sum(1, keepdim: true);
        var scale = Scale == DifferenceScale.Total ? total : positive + negative + total * (Floor / Classes);
        return ((positive - negative) / scale.clamp(min: Dark)).MoveToOuterDisposeScope();
    }

    /// <summary>By pairs half the difference of the signals; by the total, of the light in the four regions the share that speaks for the first less that for the second.</summary>
    public override Tensor Contrast(Tensor powers, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        if (Scale == DifferenceScale.Pair)
        {
            var signals = Signals(powers);
            return ((Pick(signals, first) - Pick(signals, second)) / 2).MoveToOuterDisposeScope();
        }
        var (positive, negative) = Pairs(powers);
        var difference = Pick(positive - negative, first) - Pick(positive - negative, second);
        var light = Pick(positive + negative, first) + Pick(positive + negative, second);
        return (difference / light.clamp(min: Dark)).MoveToOuterDisposeScope();
    }

    private (Tensor Positive, Tensor Negative) Pairs(Tensor powers)
    {
        var pairs = powers.view(powers.shape[0], Classes, 2);
        return (pairs.select(2, 0), pairs.select(2, 1));
    }

    /// <summary>The classes of each row, in as many rows as leave the regions the most room in both directions.</summary>
    private int[] BestRows() => Enumerable.Range(1, Classes).Select(rows => CentredRows.LengthsOf(Classes, rows))
        .OrderBy(lengths => Math.Max(Cells(lengths).Columns, Cells(lengths).Lines))
        .ThenBy(lengths => Cells(lengths).Columns * Cells(lengths).Lines)
        .First();

    private (int Columns, int Lines) Cells(int[] lengths) =>
        IsPaired ? (2 * lengths.Max(), lengths.Length) : (lengths.Max(), 2 * lengths.Length);
}
