using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Quantization;

/// <summary>The description of the printable heights. Descriptions differ across the literature, and published "N-level" numbers with them; here it is always said.</summary>
[Family("levels")]
public abstract record LevelsKind : Variant
{
    /// <summary>The description of one layer's levels.</summary>
    /// <param name="layer">The layer's index in layer order: 0 is layer 1.</param>
    public virtual LevelsKind Of(int layer) => this;

    /// <summary>The reason why it does not fit so many layers; null where it does.</summary>
    public virtual string? Misfit(int layers) => null;

    /// <summary>The same levels without a file that they are read from, so that what is written down stands alone.</summary>
    /// <exception cref="ArgumentException">The file cannot be read; the message says where and why.</exception>
    public virtual LevelsKind Inlined() => this;

    /// <summary>A remark on the table that it makes; null where there is none.</summary>
    public virtual string? Remark(LevelTable table) => null;

    /// <summary>The table of heights.</summary>
    /// <param name="oneWave">The height that delays by one wave.</param>
    /// <param name="lossless">Whether light cannot tell a height from one that is a wave taller, so that a circle may close.</param>
    public abstract LevelTable Build(Length oneWave, bool lossless);
}

/// <summary>
/// N levels at multiples of (one-wave height)/N, from 0. Level N would equal level 0: in a lossless material the
/// circle closes; with extinction from level N-1 to level 0 there is a seam that nothing is interpolated across.
/// </summary>
[Kind("cyclic")]
public sealed record CyclicLevels : LevelsKind
{
    /// <summary>The number of levels, N.</summary>
    [AtLeast(2), AtMost(65536)]
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override LevelTable Build(Length oneWave, bool lossless) =>
        new([.. Enumerable.Range(0, Count).Select(i => (oneWave * i / Count).Metres)], lossless ? oneWave.Metres : null);

    /// <inheritdoc/>
    public override string? Remark(LevelTable table) => table.Period is not null
        ? null
        : $"a height and one that is a wave taller are not the same light here, so the circle does not close: from level {Count - 1} to level 0 is a seam, nothing is interpolated across it, and a pixel at either end has one neighbour only";
}

/// <summary>N levels from a lowest to a highest height, both included, in steps of (max-min)/(N-1). The ends are ends: the table does not close.</summary>
[Kind("inclusive")]
public sealed record InclusiveLevels : LevelsKind, IChecked
{
    /// <summary>The number of levels, N.</summary>
    [AtLeast(2), AtMost(65536)]
    public required int Count { get; init; }

    /// <summary>The lowest height.</summary>
    [AtLeast(0), AtMost(1)]
    public Length Min { get; init; }

    /// <summary>The highest height.</summary>
    [AtLeast(1e-12), AtMost(1)]
    public required Length Max { get; init; }

    /// <inheritdoc/>
    public override LevelTable Build(Length oneWave, bool lossless) =>
        new([.. Enumerable.Range(0, Count).Select(i => (Min + (Max - Min) * i / (Count - 1)).Metres)]);

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Max <= Min)
            yield return new Problem("max", $"the highest level ({Max}) must lie above the lowest ({Min})");
    }
}

/// <summary>The heights themselves, one by one, and, where it was measured, what each does to the light. The table does not close.</summary>
[Kind("list")]
public sealed record ListedLevels : LevelsKind, IChecked
{
    /// <summary>The heights, ascending.</summary>
    [AtLeast(0), AtMost(1)]
    public required Length[] Heights { get; init; }

    /// <summary>For each height the amplitude that it lets through, from 0 to 1, in place of the material's; null takes the material's.</summary>
    [AtLeast(0), AtMost(1)]
    public double[]? Amplitudes { get; init; }

    /// <summary>For each height the phase that it gives the light, up to whole turns, in place of the material's; null takes the material's.</summary>
    [AtLeast(-1000), AtMost(1000)]
    public Angle[]? Phases { get; init; }

    /// <inheritdoc/>
    public override LevelTable Build(Length oneWave, bool lossless) =>
        new([.. Heights.Select(h => h.Metres)], period: null, Amplitudes, Phases?.Select(phase => phase.Radians).ToArray());

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        string? message = null;
        try
        {
            _ = Build(new Length(1), lossless: true);
        }
        catch (ArgumentException unfit)
        {
            message = unfit.Message;
        }
        if (message is not null)
            yield return new Problem("heights", message);
    }
}
