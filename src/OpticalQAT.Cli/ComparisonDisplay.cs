using OpticalQAT.Studies.Comparison;
using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary>A comparison as it goes, on stderr: a live bar on a terminal, one plain line for each cell elsewhere.</summary>
internal static class ComparisonDisplay
{
    private const int MostUnits = 1_000_000;
    private const int BarWidth = 10;

    /// <summary>Runs <paramref name="work"/>, which tells what happens.</summary>
    public static T Show<T>(ComparisonPlan plan, Func<Action<ComparisonEvent>, T> work)
    {
        Screen.Note($"Comparison {Screen.PathFromHere(Path.GetFullPath(plan.Folder))}: {plan.Settings.Count} rows, {plan.Cells(_ => 0).Count} cells");
        return Screen.IsLive ? ShowLive(work) : work(happened =>
        {
            if (Line(happened) is { } line)
                Screen.Note(line);
        });
    }

    private static string? Line(ComparisonEvent happened) => happened switch
    {
        CellDone done => $"[{done.Number}/{done.Count}] {done.Title}: {done.Result}{(done.Left is { } left ? $", {Clock(left)} left" : string.Empty)}",
        CellProgress { Happened: Training.Noted { Message: var message } } when message.Contains("checkpoint", StringComparison.OrdinalIgnoreCase) => message,
        _ => null,
    };

    private static T ShowLive<T>(Func<Action<ComparisonEvent>, T> work)
    {
        var screen = Screen.Progress();
        var progress = screen.Progress().AutoClear(true).Columns(
            new ProgressBarColumn { Width = BarWidth }, new TaskDescriptionColumn { Alignment = Justify.Left });
        return progress.Start(context =>
        {
            var bar = context.AddTask("preparing", maxValue: MostUnits);
            var title = string.Empty;
            return work(happened =>
            {
                if (Line(happened) is { } line)
                    screen.MarkupLineInterpolated($"{line}");
                if (happened is CellStarted started)
                    title = $"{started.Number}/{started.Count} {started.Title}";
                if (happened is CellProgress at)
                    bar.Value = at.Share * MostUnits;
                bar.Description = Markup.Escape($"{title}{(happened is CellProgress { Left: { } left } ? $", {Clock(left)} left" : string.Empty)}");
            });
        });
    }

    private static string Clock(TimeSpan time) => $"{(int)time.TotalHours}:{time:mm\\:ss}";
}
