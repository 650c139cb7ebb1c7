using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Units;

namespace OpticalQAT.Quantization;

/// <summary>
/// Heights that were measured, from a CSV file: a header, then a line for each level. A column for the height with its unit
/// is needed, <c>height_um</c> or <c>height (nm)</c>; <c>level</c> (0, 1, 2, …), <c>amplitude</c> (0 to 1) and
/// <c>phase_rad</c> or <c>phase_deg</c> may stand beside it, and the last two replace the material's formula. Commas, semicolons,
/// tabs or blanks part the columns; decimal points or commas, comments (#) and further columns are read as they come. The table
/// does not close. What is read is written into run and model files, which then do without the CSV.
/// </summary>
[Kind("measured")]
public sealed record MeasuredLevels : LevelsKind, IChecked
{
    /// <summary>The CSV file, of a megabyte at most; relative to the current folder.</summary>
    [LocalPath]
    public required string File { get; init; }

    /// <summary>The column with the heights, by its header or by its number, counted from 1; null takes the one that is called height.</summary>
    public string? Column { get; init; }

    /// <summary>The unit of the heights, pm, nm, um, mm, cm or m, where neither the header nor the numbers have it.</summary>
    public string? Unit { get; init; }

    /// <inheritdoc/>
    public override LevelTable Build(Length oneWave, bool lossless) => Inlined().Build(oneWave, lossless);

    /// <inheritdoc/>
    public override LevelsKind Inlined() => Read(file => file.Levels());

    /// <inheritdoc/>
    public override string? Remark(LevelTable table) => Read(file => file.Unused.ToArray()) is { Length: > 0 } unused
        ? $"of the level table '{File}' these columns are not used: {LevelColumns.Seen(unused)}"
        : null;

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Unit is not null && !LevelColumns.Units.Contains(LevelColumns.Plain(Unit), StringComparer.Ordinal))
            return [new Problem("unit", $"{Spelling.Quote(Unit)} is not a unit of a height; the units are {string.Join(", ", LevelColumns.Units)}")];
        try
        {
            _ = Inlined();
            return [];
        }
        catch (ArgumentException unfit)
        {
            return [new Problem("file", unfit.Message)];
        }
    }

    private T Read<T>(Func<LevelFile, T> take)
    {
        try
        {
            return take(new LevelFile(this));
        }
        catch (FileFormatException unfit)
        {
            throw new ArgumentException(unfit.Message, unfit);
        }
    }
}
