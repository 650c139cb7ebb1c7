using System.Text.RegularExpressions;
using OpticalQAT.Configuration;

namespace OpticalQAT.Quantization;

/// <summary>Which column of a level table holds what; -1 where none does.</summary>
/// <param name="Height">The heights.</param>
/// <param name="Unit">Their unit; null where each number has its own.</param>
/// <param name="Level">The numbers of the levels.</param>
/// <param name="Amplitude">The amplitudes.</param>
/// <param name="Phase">The phases.</param>
/// <param name="IsInDegrees">Whether phases are in degrees, not radians.</param>
internal sealed partial record LevelColumns(int Height, string? Unit, int Level = -1, int Amplitude = -1, int Phase = -1, bool IsInDegrees = false)
{
    /// <summary>The units that heights may have.</summary>
    public static readonly string[] Units = ["pm", "nm", "um", "mm", "cm", "m"];

    private static readonly string[] Known = ["level", "height_nm", "height_um", "height_mm", "height", "amplitude", "phase_rad", "phase_deg"];

    /// <summary>The columns that are read.</summary>
    public IEnumerable<int> Used => ((int[])[Height, Level, Amplitude, Phase]).Where(column => column >= 0);

    /// <summary>The columns of a table with a header.</summary>
    /// <param name="header">Its cells.</param>
    /// <param name="options">What the user says of them.</param>
    /// <exception cref="ArgumentException">No column can be taken for the heights, or two can be taken for one thing.</exception>
    public static LevelColumns Of(IReadOnlyList<string> header, MeasuredLevels options)
    {
        var (what, units) = (new string[header.Count], new string[header.Count]);
        for (var i = 0; i < header.Count; i++)
            (what[i], units[i]) = Read(header[i]);
        var height = options.Column is { } named ? Named(named, header) : Single(header, what, "height");
        if (height < 0)
            throw new ArgumentException($"no column is called height, with its unit (height_um, height (nm), …); the columns are {Seen(header)}. Rename the one with the heights, or name it beside file: by column: {Example(header)}{(options.Unit is null && !header.Any(cell => UnitAtEnd(cell).Length > 0) ? " and its unit by unit: um" : "")}");
        if (options.Column is not null && what[height].Length == 0)
            units[height] = UnitAtEnd(header[height]);
        if (units[height].Length > 0 && options.Unit is { } other && !string.Equals(Plain(other), units[height], StringComparison.Ordinal))
            throw new ArgumentException($"the column '{header[height]}' says {units[height]}, but unit: {other} stands beside file; take one of them away");
        what[height] = string.Empty;

        var (level, amplitude, phase) = (Single(header, what, "level"), Single(header, what, "amplitude"), Single(header, what, "phase"));
        var unit = units[height].Length > 0 ? units[height] : options.Unit is null ? null : Plain(options.Unit);
        var columns = new LevelColumns(height, unit, level, amplitude, phase, phase >= 0 && units[phase] is not "rad");
        columns.RefuseNearMisses(header);
        return columns;
    }

    /// <summary>The columns of a table without a header.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="options">What the user says of them.</param>
    /// <exception cref="ArgumentException">There are several, and the user names none.</exception>
    public static LevelColumns Of(int count, MeasuredLevels options) =>
        count > 1 && options.Column is null
            ? throw new ArgumentException($"the file has no header and {count} columns; write one, such as level,height_um, or name the column with the heights by its number beside file: by column: {count}{(options.Unit is null ? " and its unit by unit: um" : "")}")
            : new LevelColumns(options.Column is { } named ? Named(named, [.. Enumerable.Repeat(string.Empty, count)]) : 0, options.Unit is null ? null : Plain(options.Unit));

    /// <summary>Whether a header is that of a column of heights.</summary>
    public static bool IsHeight(string header) => Read(header).What is "height";

    /// <summary>A unit in its plain spelling: both signs for micro become u.</summary>
    public static string Plain(string unit) => unit.Trim().Replace('\u00b5', 'u').Replace('\u03bc', 'u');

    /// <summary>Texts in quotes, for messages; no more than a few.</summary>
    public static string Seen(IReadOnlyList<string> cells)
    {
        const int Most = 20;
        return Spelling.List(cells.Take(Most).Select(Short)) + (cells.Count > Most ? $" and {cells.Count - Most} more" : string.Empty);

        static string Short(string cell) => Spelling.Quote(cell)[1..^1];
    }

    private static int Named(string name, IReadOnlyList<string> header)
    {
        int[] found = [.. Enumerable.Range(0, header.Count).Where(i => string.Equals(header[i], name.Trim(), StringComparison.OrdinalIgnoreCase))];
        if (found.Length == 1)
            return found[0];
        if (found.Length > 1)
            throw new ArgumentException($"{found.Length} columns are called '{name}'; name one by its number: column: {found[0] + 1}");
        return int.TryParse(name, out var number) && number >= 1 && number <= header.Count ? number - 1
            : throw new ArgumentException($"there is no column {Spelling.Quote(name)}; the columns are {(header.All(cell => cell.Length == 0) ? $"1 to {header.Count}" : Seen(header))}");
    }

    private static int Single(IReadOnlyList<string> header, string[] what, string wanted)
    {
        int[] found = [.. Enumerable.Range(0, header.Count).Where(i => string.Equals(what[i], wanted, StringComparison.Ordinal))];
        return found.Length <= 1 ? found is [var one] ? one : -1
            : throw new ArgumentException($"{found.Length} columns may be the {wanted}: {Seen([.. found.Select(i => header[i])])}. {(wanted is "height" ? "Name the one that counts beside file: by column: " + Example([.. found.Select(i => header[i])]) : "Rename what does not count")}");
    }

    /// <summary>The quantity in a column and its unit; empty where it is none that is read.</summary>
    private static (string What, string Unit) Read(string header)
    {
        var match = Form().Match(Plain(header));
        var (what, unit) = (match.Groups["what"].Value.ToLowerInvariant(), match.Groups["unit"].Value.ToLowerInvariant());
        var fits = what switch
        {
            "height" => unit.Length == 0 || Units.Contains(unit, StringComparer.Ordinal),
            "phase" => unit is "rad" or "deg" or "°",
            _ => unit.Length == 0,
        };
        return match.Success && fits ? (what, unit) : (string.Empty, string.Empty);
    }

    private static string UnitAtEnd(string header) =>
        UnitForm().Match(Plain(header)) is { Success: true } match ? match.Groups["unit"].Value.ToLowerInvariant() : string.Empty;

    /// <summary>A further column is left out without a word only where it cannot be meant for one that is read.</summary>
    private void RefuseNearMisses(IReadOnlyList<string> header)
    {
        for (var i = 0; i < header.Count; i++)
        {
            if (Used.Contains(i))
                continue;
            var meant = header[i].StartsWith("amplitude", StringComparison.OrdinalIgnoreCase) ? "amplitude"
                : header[i].StartsWith("phase", StringComparison.OrdinalIgnoreCase) ? "phase_rad"
                : Spelling.Nearest(header[i], Known);
            if (meant is "amplitude" && Amplitude < 0)
                throw new ArgumentException($"the column '{header[i]}' is not read: amplitudes stand in a column amplitude, from 0 to 1. Rename it, if it holds them, and otherwise so that it reads unlike");
            if (meant is "phase_rad" or "phase_deg" && Phase < 0)
                throw new ArgumentException($"the column '{header[i]}' is not read: phases stand in a column phase_rad or phase_deg. Rename it, if it holds them, and otherwise so that it reads unlike");
            if (meant is "level" && Level < 0)
                throw new ArgumentException($"the column '{header[i]}' is not read: the numbers of the levels stand in a column level. Rename it, if it holds them, and otherwise so that it reads unlike");
        }
    }

    private static string Example(IReadOnlyList<string> header) => $"'{header.FirstOrDefault(cell => UnitAtEnd(cell).Length > 0) ?? header[^1]}'";

    // height_um, height (um), height [nm], height/nm, height in mm, and heights
    [GeneratedRegex(@"^(?<what>level|height|amplitude|phase)s?(?:[\s_,/-]*(?:in\s+)?[\(\[\{]?\s*(?<unit>[a-z°]+)\s*[\)\]\}]?)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"(?:^|[\s_,/\(\[\{-])(?<unit>[pnumc]?m)\s*[\)\]\}]?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UnitForm();
}
