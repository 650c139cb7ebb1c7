using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Reports;
using OpticalQAT.Runs;

namespace OpticalQAT.Cli;

/// <summary><c>report</c>: the report page and the figures of a run, made anew.</summary>
internal static class ReportVerb
{
    public static Command Command()
    {
        var path = new Argument<string>("RUN") { Description = "A run directory, finished or not, or runs/NAME for the newest run of that name." };
        var overrides = CommandLine.Overrides("Where the data lie now, or another device: task.dataset.folder=/data/mnist");
        var json = CommandLine.Json();
        var command = new Verb("report", "Make the report page and the figures of a run anew.",
            """
            The scores are those of the run; for the pictures of light and the confusion matrix its model meets the test
            split again, so the dataset must be there. An unfinished run is shown as far as its newest checkpoint.

            Example:
              opticalqat report runs/quickstart
            """)
        { path, overrides, json, NamedAssemblies.Option };
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            interruption.Sentence = "Interrupted; no report is written, and one that is there is as it was.";
            var directory = RunArgument.OfRun(parsed.GetRequiredValue(path));
            using var run = StoredRun.Open(directory, parsed.GetValue(overrides) ?? [], Screen.Note);
            if (!run.IsFinished)
                Screen.Note("The run is not finished; the report shows it as far as its newest checkpoint.");
            RunReport.Write(run, Screen.Note, interruption.Token);
            var report = Screen.PathFromHere(directory.ReportFile);
            Screen.Give($"The report is whole, in {report}.", () =>
                Console.Out.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new Written(report, run.IsFinished), Json.Document) : $"Report: {report}"));
            return ExitCode.Done;
        }));
        return command;
    }

    private sealed record Written(string Report, bool Finished);
}
