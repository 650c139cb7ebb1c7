namespace OpticalQAT.Studies.Comparison;

/// <summary>A comparison as a Markdown table: a row for each level table, a column for each method of training for it.</summary>
public static class ComparisonMarkdown
{
    /// <summary>The table, and below it what its numbers are.</summary>
    public static string Write(ComparisonResult result)
    {
        var tables = result.Rows.Where(row => row.Levels is not null).OrderByDescending(row => row.LevelCount).Select(row => row.Levels!).Distinct(StringComparer.Ordinal);
        var names = result.Rows.Where(row => row.Levels is not null).Select(row => ComparisonWords.NameOf(result, row)).Distinct(StringComparer.Ordinal).ToArray();
        var lines = tables.Select(levels =>
        {
            var rows = result.Rows.Where(row => string.Equals(row.Levels, levels, StringComparison.Ordinal)).ToDictionary(row => ComparisonWords.NameOf(result, row), StringComparer.Ordinal);
            var reference = result.Rows[rows.Values.First().Reference!.Value];
            return Line([levels, ComparisonWords.Mean(result, reference), .. names.Select(name => rows.TryGetValue(name, out var row) ? Cell(result, row) : string.Empty)]);
        });
        var examples = result.Examples is { } known ? $" of {known.Test} examples" : string.Empty;
        return string.Concat(
            Line([ComparisonWords.Unit(result), "full precision, continued", .. names]),
            Line([.. Enumerable.Repeat("---", names.Length + 2)]),
            string.Concat(lines),
            $"\nTest split{examples}, hard levels, {result.Seeds.Length} {(result.Seeds.Length == 1 ? "seed" : "seeds")}, {result.Steps} training steps in every row: mean{(result.Seeds.Length == 1 ? string.Empty : " ± 95 % interval")}, in brackets the mean difference to full precision with the same seed.\n");
    }

    private static string Cell(ComparisonResult result, ComparedRow row) => $"{ComparisonWords.Mean(result, row)} ({ComparisonWords.Difference(result, row)})";

    // A bar within a cell would end it.
    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
}
