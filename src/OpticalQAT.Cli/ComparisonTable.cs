using OpticalQAT.Studies.Comparison;
using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary>A comparison on a terminal: a line for each row, grouped by level table.</summary>
internal static class ComparisonTable
{
    private const int Columns = 120;

    public static void Print(ComparisonResult result)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("levels");
        table.AddColumn("method");
        table.AddColumn("gradient");
        table.AddColumn(new TableColumn(Markup.Escape(ComparisonWords.Unit(result))).RightAligned());
        table.AddColumn(new TableColumn("difference").RightAligned());
        table.AddColumn(new TableColumn("seeds").RightAligned());
        string? levels = null;
        foreach (var row in result.Rows)
        {
            var isNew = !string.Equals(row.Levels, levels, StringComparison.Ordinal);
            levels = row.Levels;
            var scored = row.Scores.Count(score => score.Failure is null);
            table.AddRow(
                Markup.Escape(isNew ? row.Levels ?? string.Empty : string.Empty), Markup.Escape(row.Name), row.Gradient ?? string.Empty,
                Markup.Escape(ComparisonWords.Mean(result, row)), Markup.Escape(row.Reference is null ? string.Empty : ComparisonWords.Difference(result, row)),
                scored == row.Scores.Length ? $"{scored}" : $"{scored} of {row.Scores.Length}");
        }
        var screen = Screen.Results();
        if (Console.IsOutputRedirected)
            screen.Profile.Width = Math.Max(screen.Profile.Width, Columns);
        screen.Write(table);
        var digits = result.Examples is { } examples ? $" of {examples.Test} examples" : string.Empty;
        Console.Out.WriteLine($"Test split{digits}, hard levels; ± is the 95 % interval over seeds, differences are to full precision with the same seed.");
        foreach (var (row, failed) in result.Rows.SelectMany(row => row.Scores.Where(score => score.Failure is not null).Select(score => (row, score))))
            Console.Out.WriteLine($"Failed: {string.Join(", ", new[] { row.Levels, ComparisonWords.NameOf(result, row) }.OfType<string>())}, seed {failed.Seed}: {failed.Failure}");
    }
}
