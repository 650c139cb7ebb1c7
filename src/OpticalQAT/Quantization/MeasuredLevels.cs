using System.Globalization;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Quantization;

/// <summary>
/// Heights that were measured, from a CSV file: a header, then a line for each level. The column <c>height_nm</c>,
/// <c>height_um</c> or <c>height_mm</c> is needed; <c>level</c> (0, 1, 2, …), <c>amplitude</c> (0 to 1) and
/// <c>phase_rad</c> or <c>phase_deg</c> may stand beside it, and the last two replace the material's formula. The table
/// does not close. What is read is written into run and model files, which then do without the CSV.
/// </summary>
[Kind("measured")]
public sealed record MeasuredLevels : LevelsKind, IChecked
{
    /// <summary>The CSV file; relative to the current folder.</summary>
    [LocalPath]
    public required string File { get; init; }

    /// <inheritdoc/>
    public override LevelTable Build(Length oneWave, bool lossless) => Inlined().Build(oneWave, lossless);

    /// <inheritdoc/>
    public override LevelsKind Inlined() => Read(File);

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        string? message = null;
        try
        {
            _ = Inlined();
        }
        catch (ArgumentException unfit)
        {
            message = unfit.Message;
        }
        if (message is not null)
            yield return new Problem("file", message);
    }

    private static ListedLevels Read(string file)
    {
        string[] lines;
        try
        {
            lines = System.IO.File.ReadAllLines(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ArgumentException(System.IO.File.Exists(file)
                ? $"the level table '{file}' cannot be read: {unreadable.Message}"
                : $"there is no level table '{file}' (looked for at {Path.GetFullPath(file.Length == 0 ? "." : file)}); it is a CSV file with a header such as level,height_um and a line for each level", unreadable);
        }
        var rows = lines.Select((text, i) => new Row(file, i + 1, text)).Where(row => !row.IsEmpty).ToArray();
        if (rows.Length == 0)
            throw new ArgumentException($"{file}: the file is empty; it needs a header such as level,height_um and a line for each level");
        var columns = Columns(rows[0]);
        var levels = rows[1..];
        if (levels.Length < 2)
            throw new ArgumentException($"{file}:{rows[^1].Line}: a level table needs at least two levels, but there {(levels.Length == 1 ? "is one" : "are none")} below the header");

        var heights = new Length[levels.Length];
        double[]? amplitudes = columns.Amplitude < 0 ? null : new double[levels.Length];
        Angle[]? phases = columns.Phase < 0 ? null : new Angle[levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            var row = levels[i];
            if (row.Cells.Length != rows[0].Cells.Length)
                throw row.Wrong($"the line has {row.Cells.Length} columns, but the header has {rows[0].Cells.Length}");
            if (columns.Level >= 0 && row.Number(columns.Level, "level") != i)
                throw row.Wrong($"the level is {row.Cells[columns.Level]}, but level {i} is next: levels are counted 0, 1, 2, …, the lowest first, each once");
            heights[i] = Length.Parse(string.Create(CultureInfo.InvariantCulture, $"{row.Number(columns.Height, "height"):R} {columns.Unit}"), CultureInfo.InvariantCulture);
            if (heights[i].Metres < 0)
                throw row.Wrong($"the height {heights[i]} lies below 0");
            if (i > 0 && heights[i].Metres <= heights[i - 1].Metres)
                throw row.Wrong($"the height {heights[i]} is {(heights[i] == heights[i - 1] ? "the same as" : "not above")} that of the level before{(heights[i] == heights[i - 1] ? "" : $" ({heights[i - 1]})")}; heights ascend, each once");
            if (amplitudes is not null && (amplitudes[i] = row.Number(columns.Amplitude, "amplitude")) is < 0 or > 1)
                throw row.Wrong($"the amplitude {amplitudes[i]} must be between 0 and 1");
            if (phases is not null)
                phases[i] = new Angle(row.Number(columns.Phase, "phase") * (columns.IsInDegrees ? Math.PI / 180 : 1));
        }
        return new ListedLevels { Heights = heights, Amplitudes = amplitudes, Phases = phases };
    }

    private static (int Level, int Height, string Unit, int Amplitude, int Phase, bool IsInDegrees) Columns(Row header)
    {
        (int Level, int Height, string Unit, int Amplitude, int Phase, bool IsInDegrees) found = (-1, -1, "", -1, -1, false);
        for (var i = 0; i < header.Cells.Length; i++)
        {
            switch (header.Cells[i].ToLowerInvariant())
            {
                case "level" when found.Level < 0:
                    found.Level = i;
                    break;
                case "height_nm" or "height_um" or "height_mm" when found.Height < 0:
                    (found.Height, found.Unit) = (i, header.Cells[i].ToLowerInvariant()[7..]);
                    break;
                case "amplitude" when found.Amplitude < 0:
                    found.Amplitude = i;
                    break;
                case "phase_rad" or "phase_deg" when found.Phase < 0:
                    (found.Phase, found.IsInDegrees) = (i, header.Cells[i].EndsWith("deg", StringComparison.OrdinalIgnoreCase));
                    break;
                default:
                    throw header.Wrong($"the column '{header.Cells[i]}' is unknown or stands there twice; the columns are level, height_nm (or height_um, height_mm), amplitude, phase_rad (or phase_deg)");
            }
        }
        return found.Height >= 0 ? found : throw header.Wrong("the header has no column for the height with its unit: height_nm, height_um or height_mm");
    }

    private sealed class Row(string file, int line, string text)
    {
        public int Line => line;

        public bool IsEmpty => text.AsSpan().TrimStart('\uFEFF').Trim() is "" or ['#', ..];

        public string[] Cells { get; } = text.TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries);

        public double Number(int column, string what) =>
            double.TryParse(Cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : throw Wrong($"the {what} '{Cells[column]}' is no finite number");

        public ArgumentException Wrong(string message) => new($"{file}:{line}: {message}");
    }
}
