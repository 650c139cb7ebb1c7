using OpticalQAT.Configuration;

namespace OpticalQAT.Optics;

/// <summary>
/// Square regions in centred rows, as even in length as they can be: ten stand as 3, 4, 3. This is the layout of the
/// first diffractive classifiers (Lin et al., Science 361, 1004, 2018).
/// </summary>
[Kind("grid")]
public sealed record GridDetector : DetectorKind
{
    /// <summary>How many regions: one for each class.</summary>
    [AtLeast(2), AtMost(1000)]
    public required int Regions { get; init; }

    /// <summary>The share of the plane's width over which the regions spread.</summary>
    [Above(0), AtMost(1)]
    public double Extent { get; init; } = 0.9;

    /// <summary>The width of a region as a share of the distance between two of them.</summary>
    [Above(0), AtMost(1)]
    public double Fill { get; init; } = 0.65;

    /// <inheritdoc/>
    public override DetectorRegion[] Layout(Grid grid)
    {
        var rows = RowLengths();
        var spacing = grid.Size * Extent / Math.Max(rows.Length, rows.Max());
        // never wider than the whole samples between two of them, or rounded neighbours would share a column
        var width = Math.Min((int)Math.Round(spacing * Fill), (int)(spacing + 1e-9));
        if (width < 1)
            throw new ArgumentException($"{Regions} regions in {grid.Size} samples leave less than one sample for each; a larger grid, extent or fill gives them room");
        var regions = new List<DetectorRegion>(Regions);
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[row]; column++)
                regions.Add(new DetectorRegion(Start(column, rows[row]), Start(row, rows.Length), width, width));
        }
        return [.. regions];

        int Start(int index, int count) =>
            (int)Math.Round(grid.Size / 2.0 + (index - (count - 1) / 2.0) * spacing - width / 2.0, MidpointRounding.ToEven);
    }

    /// <summary>The regions of each row: near-equal lengths, the longer rows in the middle.</summary>
    private int[] RowLengths()
    {
        var rows = (int)Math.Max(1, Math.Round(Math.Sqrt(Regions)));
        var lengths = Enumerable.Repeat(Regions / rows, rows).ToArray();
        var fromTheMiddle = Enumerable.Range(0, rows).OrderBy(row => Math.Abs(row - (rows - 1) / 2.0)).ToArray();
        for (var extra = 0; extra < Regions % rows; extra++)
            lengths[fromTheMiddle[extra]]++;
        return lengths;
    }
}
