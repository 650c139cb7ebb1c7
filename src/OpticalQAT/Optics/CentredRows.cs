namespace OpticalQAT.Optics;

/// <summary>Equal rectangles in centred rows of a plane, the longer rows in the middle.</summary>
/// <param name="Lengths">How many stand in each row, from the top.</param>
/// <param name="Across">Samples from one to the next in a row.</param>
/// <param name="Down">Samples from row to row.</param>
/// <param name="Width">The samples that each is wide.</param>
/// <param name="Height">The samples that each is high.</param>
internal sealed record CentredRows(int[] Lengths, double Across, double Down, int Width, int Height)
{
    /// <summary>So many in so many rows: near-equal lengths, the longer rows in the middle.</summary>
    public static int[] LengthsOf(int count, int rows)
    {
        var lengths = Enumerable.Repeat(count / rows, rows).ToArray();
        var fromTheMiddle = Enumerable.Range(0, rows).OrderBy(row => Math.Abs(row - (rows - 1) / 2.0)).ToArray();
        for (var extra = 0; extra < count % rows; extra++)
            lengths[fromTheMiddle[extra]]++;
        return lengths;
    }

    /// <summary>The top left corners, row by row.</summary>
    /// <param name="grid">The plane.</param>
    public IEnumerable<(int Row, int Column, int Left, int Top)> Corners(Grid grid)
    {
        for (var row = 0; row < Lengths.Length; row++)
        {
            for (var column = 0; column < Lengths[row]; column++)
                yield return (row, column, Start(column, Lengths[row], Across, Width), Start(row, Lengths.Length, Down, Height));
        }

        int Start(int index, int count, double spacing, int size) =>
            (int)Math.Round(grid.Size / 2.0 + (index - (count - 1) / 2.0) * spacing - size / 2.0, MidpointRounding.ToEven);
    }

    /// <summary>The samples that a share of a distance covers: never more than the whole samples of the distance, or rounded neighbours would share a column.</summary>
    public static int Covered(double spacing, double fill) =>
        Math.Min((int)Math.Round(spacing * fill), (int)(spacing + 1e-9));
}
