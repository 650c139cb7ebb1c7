using OpticalQAT.Units;

namespace OpticalQAT.Quantization;

/// <summary>
/// The heights that can be printed, ascending, in metres. Where light cannot tell level N from level 0 (one
/// wavelength, no loss, equal steps over one wave) the table closes to a circle.
/// </summary>
public sealed class LevelTable : IEquatable<LevelTable>
{
    private readonly double[] _heights;
    private readonly double[]? _amplitudes;
    private readonly double[]? _phases;

    /// <summary>A table of given heights.</summary>
    /// <param name="heights">At least two, finite, strictly ascending, in metres.</param>
    /// <param name="period">For a table that closes: the height that light cannot tell from 0, above the span of the table; otherwise null.</param>
    /// <param name="amplitudes">For each level the amplitude that it lets through, between 0 and 1, where that was measured; null takes the material's.</param>
    /// <param name="phases">For each level the phase that it gives the light, in radians, where that was measured; null takes the material's.</param>
    /// <exception cref="ArgumentException">The heights are no such table; the message says which one is wrong.</exception>
    public LevelTable(IReadOnlyList<double> heights, double? period = null, IReadOnlyList<double>? amplitudes = null, IReadOnlyList<double>? phases = null)
    {
        if (heights.Count < 2)
            throw new ArgumentException($"a level table needs at least two heights, but this one has {heights.Count}");
        for (var i = 0; i < heights.Count; i++)
        {
            if (!double.IsFinite(heights[i]) || heights[i] < 0)
                throw new ArgumentException($"level {i} has the height {heights[i]} m; heights are finite and not negative");
            if (i > 0 && heights[i] <= heights[i - 1])
                throw new ArgumentException($"level {i} ({new Length(heights[i])}) is not above level {i - 1} ({new Length(heights[i - 1])}); list the heights in ascending order, each once");
        }
        if (period is { } circle && circle <= heights[^1] - heights[0])
            throw new ArgumentException($"the table spans {new Length(heights[^1] - heights[0]).Rounded()}, more than its period of {new Length(circle).Rounded()}");
        foreach (var (measured, what) in new[] { (amplitudes, "amplitude"), (phases, "phase") })
        {
            if (measured is not null && measured.Count != heights.Count)
                throw new ArgumentException($"there are {heights.Count} heights, but {measured.Count} values of the {what}; each height needs one");
            for (var i = 0; i < measured?.Count; i++)
            {
                if (!double.IsFinite(measured[i]))
                    throw new ArgumentException($"level {i} has the {what} {measured[i]}, which is no finite number");
            }
        }
        for (var i = 0; i < amplitudes?.Count; i++)
        {
            if (amplitudes[i] is < 0 or > 1)
                throw new ArgumentException($"level {i} has the amplitude {amplitudes[i]}; a mask lets through between 0 and 1 of it");
        }
        _heights = [.. heights];
        _amplitudes = amplitudes is null ? null : [.. amplitudes];
        _phases = phases is null ? null : [.. phases];
        Period = period;
    }

    /// <summary>The heights in metres, ascending.</summary>
    public ReadOnlySpan<double> Heights => _heights;

    /// <summary>For each level the amplitude that was measured; empty where the material's formula holds.</summary>
    public ReadOnlySpan<double> Amplitudes => _amplitudes;

    /// <summary>For each level the phase that was measured, in radians; empty where the material's formula holds.</summary>
    public ReadOnlySpan<double> Phases => _phases;

    /// <summary>Whether the table says what its heights do to the light, in place of the material's formula.</summary>
    public bool HasResponses => _amplitudes is not null || _phases is not null;

    /// <summary>The number of levels, N.</summary>
    public int Count => _heights.Length;

    /// <summary>The height in metres after which the circle closes; null for a table that does not close.</summary>
    public double? Period { get; }

    /// <summary>The levels as a quantizer sees them.</summary>
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

    /// <summary>Whether the other table has the same heights, period and measured responses: masks of the two are of like make.</summary>
    public bool Equals(LevelTable? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Period == other.Period && Heights.SequenceEqual(other.Heights)
            && AreSame(_amplitudes, other._amplitudes) && AreSame(_phases, other._phases));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LevelTable);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Period, _heights[0], _heights[^1]);

    private static bool AreSame(double[]? values, double[]? others) => values is null ? others is null : others is not null && values.AsSpan().SequenceEqual(others);
}
