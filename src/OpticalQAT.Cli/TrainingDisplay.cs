using OpticalQAT.Training;
using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary>A run as it goes, on stderr: a live bar on a terminal, one plain line for each epoch elsewhere.</summary>
internal static class TrainingDisplay
{
    private const int MostUnits = 1_000_000;
    private const int BarWidth = 10;

    /// <summary>Runs <paramref name="work"/>, which tells what happens.</summary>
    public static T Show<T>(Experiment experiment, Func<Action<TrainingEvent>, T> work)
    {
        var pace = new TrainingPace(experiment);
        return Screen.IsLive ? ShowLive(pace, work) : work(happened => Print(pace, happened));
    }

    private static void Print(TrainingPace pace, TrainingEvent happened)
    {
        pace.Follow(happened);
        if (happened is Noted { Message: var message })
            Screen.Note(message);
        else if (happened is EpochDone { Record: var record })
            Screen.Note(Line(pace, record));
    }

    private static string Line(TrainingPace pace, EpochRecord record)
    {
        var metrics = pace.Metrics.Length > 0 ? $", validation {pace.Metrics}" : string.Empty;
        if (record.Loss is not { } loss)
            return $"{pace.Phase}, before the first step{metrics}";
        var rate = record.ImagesPerSecond is { } images ? $", {images:0} images/s, {Clock(pace.Left)} left" : string.Empty;
        return $"{pace.Phase}, epoch {record.Epoch}: loss {loss:0.0000}{metrics}{rate}";
    }

    private static T ShowLive<T>(TrainingPace pace, Func<Action<TrainingEvent>, T> work)
    {
        var screen = Screen.Progress();
        var progress = screen.Progress().AutoClear(true).Columns(
            new ProgressBarColumn { Width = BarWidth }, new TaskDescriptionColumn { Alignment = Justify.Left });
        return progress.Start(context =>
        {
            var bar = context.AddTask("preparing", maxValue: MostUnits);
            return work(happened =>
            {
                pace.Follow(happened);
                if (happened is Noted { Message: var message })
                    screen.MarkupLineInterpolated($"{message}");
                else if (happened is EpochDone { Record: var record })
                    screen.MarkupLineInterpolated($"{Line(pace, record)}");
                if (pace.StepsOfPhase == 0)
                    return;
                bar.Value = (double)pace.StepsDone / pace.StepsOfPhase * MostUnits;
                bar.Description = Markup.Escape($"{pace.Phase} {pace.Position}, {pace.Reading}, {Clock(pace.Left)} left");
            });
        });
    }

    private static string Clock(TimeSpan? time) => time is { } left ? $"{(int)left.TotalHours}:{left:mm\\:ss}" : "?";
}
