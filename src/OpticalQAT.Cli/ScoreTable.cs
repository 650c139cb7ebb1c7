using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary>Metrics side by side: a row for each model, a column for each metric.</summary>
internal static class ScoreTable
{
    /// <summary>Prints the rows; one that lacks a metric shows a dash.</summary>
    /// <param name="rows">Names and metrics. Metrics are fractions; a row without any is left out.</param>
    public static void Print(params IEnumerable<(string Name, IReadOnlyDictionary<string, double>? Metrics)> rows)
    {
        var filled = rows.Where(row => row.Metrics is not null).ToArray();
        string[] metrics = [.. filled.SelectMany(row => row.Metrics!.Keys).Distinct(StringComparer.Ordinal)];
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("test split");
        table.AddColumns([.. metrics.Select(name => new TableColumn(Markup.Escape(name)).RightAligned())]);
        foreach (var (name, values) in filled)
            table.AddRow([Markup.Escape(name), .. metrics.Select(metric => values!.TryGetValue(metric, out var value) ? $"{value:0.0000}" : "–")]);
        Screen.Results().Write(table);
    }

    /// <summary>A model by its level counts: <c>4 levels</c>, <c>full precision</c>.</summary>
    public static string NameOf(int[]? levels) => levels is null ? "full precision" : $"{string.Join(", ", levels.Distinct())} levels";
}
