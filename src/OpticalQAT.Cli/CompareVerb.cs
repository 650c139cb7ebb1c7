using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Studies.Comparison;

namespace OpticalQAT.Cli;

/// <summary><c>compare</c>: what a level limit costs, and which way of training through it loses least.</summary>
internal static class CompareVerb
{
    public static Command Command()
    {
        var path = new Argument<string>("CONFIG") { Description = "The comparison, a YAML file such as configs/compare/quickstart.yaml." };
        var overrides = CommandLine.Overrides("Values in place of the file's, with dotted paths: seeds=[1,2] with.task.dataset.folder=data/mnist");
        var markdown = new Option<bool>("--markdown") { Description = "Print the table in Markdown." };
        var json = CommandLine.Json();
        var command = new Verb("compare", "Full precision, rounding and each method at each level table, over seeds, on equal budgets.",
            """
            Every cell is a run of its own. What is finished is never trained again, and after Ctrl-C (or a signal as
            with train) the same command goes on where it was. A cell that fails is shown as failed, and the others go on; the exit code
            is then 1. FOLDER/NAME-compare/ holds comparison.html, comparison.csv, comparison.json, and the cells.

            Examples:
              opticalqat compare configs/compare/quickstart.yaml
              opticalqat compare configs/compare/mnist.yaml seeds=[1,2,3,4,5]
            """)
        { path, overrides, markdown, json, NamedAssemblies.Option };
        command.SetAction(parsed => Interruption.Guard(interruption =>
            Compare(parsed.GetRequiredValue(path), parsed.GetValue(overrides) ?? [], parsed.GetValue(json), parsed.GetValue(markdown), interruption)));
        return command;
    }

    private static int Compare(string path, string[] overrides, bool json, bool markdown, Interruption interruption)
    {
        var plan = ComparisonFile.Read(path, overrides);
        foreach (var warning in ComparisonFile.Examine(plan))
            Screen.Note(warning);
        const string Saved = "Interrupted; state saved, the same command goes on from here.";
        if (Directory.Exists(plan.Folder))
            interruption.Sentence = Saved;
        var result = ComparisonDisplay.Show(plan, watch =>
        {
            using var run = new ComparisonRun(plan, happened =>
            {
                interruption.Sentence = Saved;
                watch(happened);
            });
            return run.Execute(interruption.Token);
        });
        Screen.Give(
            $"The comparison is finished and whole, in {Screen.PathFromHere(Path.GetFullPath(plan.Folder))}; its table is in comparison.html, .csv and .json there.",
            () => Print(plan.Output, result, json, markdown));
        return result.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Print(ComparisonFolder folder, ComparisonResult result, bool json, bool markdown)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, Json.Document));
            return;
        }
        if (markdown)
        {
            Console.Out.Write(ComparisonMarkdown.Write(result));
            return;
        }
        ComparisonTable.Print(result);
        Console.Out.WriteLine($"Page: {Screen.PathFromHere(Path.GetFullPath(folder.PageFile))}");
    }
}
