using OpticalQAT.Units;
using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary>Metrics side by side: a row for each model and a column for each metric, or the other way round where a line could not hold all metrics.</summary>
internal static class ScoreTable
{
    /// <summary>So many metrics stand in a line of 80 characters.</summary>
    private const int MetricsOfALine = 4;

    /// <summary>Prints the rows; one that lacks a metric shows a dash.</summary>
    /// <param name="rows">Names and metrics. Metrics are fractions; a row without any is left out.</param>
    public static void Print(params IEnumerable<(string Name, IReadOnlyDictionary<string, double>? Metrics)> rows)
    {
        var filled = rows.Where(row => row.Metrics is not null).ToArray();
        string[] metrics = [.. filled.SelectMany(row => row.Metrics!.Keys).Distinct(StringComparer.Ordinal)];
        var isUpright = metrics.Length > MetricsOfALine;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("test split").NoWrap());
        table.AddColumns([.. (isUpright ? filled.Select(row => row.Name) : metrics).Select(name => new TableColumn(Markup.Escape(name)).RightAligned())]);
        if (isUpright)
        {
            foreach (var metric in metrics)
                table.AddRow([Markup.Escape(metric), .. filled.Select(row => Text(row.Metrics!, metric))]);
        }
        else
        {
            foreach (var (name, values) in filled)
                table.AddRow([Markup.Escape(name), .. metrics.Select(metric => Text(values!, metric))]);
        }
        Screen.Results().Write(table);
    }

    /// <summary>A model by its level counts: <c>4 levels</c>, <c>full precision</c>.</summary>
    public static string NameOf(int[]? levels) => levels is null ? "full precision" : $"{string.Join(", ", levels.Distinct())} levels";

    private static string Text(IReadOnlyDictionary<string, double> values, string metric) =>
        values.TryGetValue(metric, out var value) ? NumberText.Plain(value, 4) : "–";
}
