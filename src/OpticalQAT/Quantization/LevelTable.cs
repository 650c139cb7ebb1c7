namespace OpticalQAT.Quantization;

/// <summary>
/// The heights that can be printed, ascending, in metres. Where light cannot tell level N from level 0 (one
/// wavelength, no loss, equal steps over one wave) the table closes to a circle.
/// </summary>
public sealed class LevelTable
{
    private readonly double[] _heights;

    /// <summary>A table of given heights.</summary>
    /// <param name="heights">At least two, finite, strictly ascending, in metres.</param>
    /// <param name="period">For a table that closes: the height that light cannot tell from 0, above the span of the table; otherwise null.</param>
    /// <exception cref="ArgumentException">The heights are no such table; the message says which one is wrong.</exception>
    public LevelTable(IReadOnlyList<double> heights, double? period = null)
    {
        if (heights.Count < 2)
            throw new ArgumentException($"a level table needs at least two heights, but this one has {heights.Count}");
        for (var i = 0; i < heights.Count; i++)
        {
            if (!double.IsFinite(heights[i]) || heights[i] < 0)
                throw new ArgumentException($"level {i} has the height {heights[i]} m; heights are finite and not negative");
            if (i > 0 && heights[i] <= heights[i - 1])
                throw new ArgumentException($"level {i} ({heights[i]} m) is not above level {i - 1} ({heights[i - 1]} m); list the heights in ascending order, each once");
        }
        if (period is { } circle && circle <= heights[^1] - heights[0])
            throw new ArgumentException($"the table spans {heights[^1] - heights[0]} m, more than its period of {circle} m");
        _heights = [.. heights];
        Period = period;
    }

    /// <summary>The heights in metres, ascending.</summary>
    public ReadOnlySpan<double> Heights => _heights;

    /// <summary>The number of levels, N.</summary>
    public int Count => _heights.Length;

    /// <summary>The height in metres after which the circle closes; null for a table that does not close.</summary>
    public double? Period { get; }

    /// <summary>What a quantizer sees of the table.</summary>
    public LevelSpace Space => new(Count, Period is not null);

    /// <summary>The cells between neighbouring levels: N on a circle, N-1 otherwise.</summary>
    public int Cells => Period is null ? Count - 1 : Count;

    /// <summary>The height in metres at the end of a cell; the last one of a circle ends a period above its first level.</summary>
    public double EndOfCell(int cell) => cell + 1 < Count ? _heights[cell + 1] : _heights[0] + Period!.Value;

    /// <summary>The position of a height in level units, by straight lines between the levels.</summary>
    /// <param name="height">Metres. On a circle it is taken modulo the period; beyond the ends of a line it becomes the end.</param>
    public double PositionOf(double height)
    {
        if (Period is { } period)
            height -= period * Math.Floor((height - _heights[0]) / period);
        height = Math.Clamp(height, _heights[0], Period is null ? _heights[^1] : _heights[0] + Period.Value);
        var above = Array.FindIndex(_heights, level => level > height);
        var cell = above < 0 ? Cells - 1 : above - 1;
        return cell + (height - _heights[cell]) / (EndOfCell(cell) - _heights[cell]);
    }
}
