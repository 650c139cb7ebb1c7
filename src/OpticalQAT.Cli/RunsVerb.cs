using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Units;
using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary><c>runs</c>: the runs that there are, with their scores.</summary>
internal static class RunsVerb
{
    private const string Default = "runs";

    public static Command Command()
    {
        var path = new Argument<string?>("FOLDER") { Description = "Where runs are kept, or those of one name, runs/NAME; by default runs.", Arity = ArgumentArity.ZeroOrOne };
        var json = CommandLine.Json();
        var command = new Verb("runs", "List the runs with their scores, the newest first.",
            """
            Of a finished run the score on the test split is listed, of another one that on the validation split in its
            last epoch. A run of which a file is missing or cannot be read is listed as damaged, with what is wrong.
            runs/NAME means the newest run of that name in every verb that takes a run.

            Examples:
              opticalqat runs
              opticalqat runs runs/quickstart --json
            """)
        { path, json };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(path) ?? Default;
            if (!Directory.Exists(folder))
                throw new UsageException(Missing(folder));
            var runs = ListedRun.In(folder);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(runs, Json.Document));
            else if (runs.Count == 0)
                Screen.Note($"{folder}: there are no runs in this folder.");
            else
                Print(runs);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Missing(string folder) => File.Exists(folder)
        ? $"{folder}: this is a file, and the folder is wanted in which runs are kept, such as {Default}."
        : $"{folder}: there is no such folder (looked for {Path.GetFullPath(folder)}); runs are kept where output.folder says, by default in {Default}.";

    private static void Print(IReadOnlyList<ListedRun> runs)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("run").NoWrap());
        table.AddColumns("state", "score");
        table.AddColumns(new TableColumn("levels").RightAligned(), new TableColumn("time").RightAligned());
        foreach (var run in runs)
        {
            var state = run.State.ToString().ToLowerInvariant();
            table.AddRow([.. new[]
            {
                $"{run.Name}/{run.Id}",
                run.State == ListedState.Damaged ? $"{state}: {run.Remark}" : state,
                run.Score is { } score ? $"{run.Metric} {NumberText.Plain(score, 4)}{(run.Remark is { } remark ? $" ({remark})" : string.Empty)}" : run.State == ListedState.Unfinished ? run.Remark ?? "–" : "–",
                run.Levels is { } levels ? string.Join(", ", levels.Distinct()) : run.State == ListedState.Finished ? "any" : "–",
                run.Seconds is { } seconds ? ValidateVerb.Duration(seconds) : "–",
            }.Select(Markup.Escape)]);
        }
        Screen.Results().Write(table);
    }
}
