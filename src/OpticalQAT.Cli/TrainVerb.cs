using System.CommandLine;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Runtime;

namespace OpticalQAT.Cli;

/// <summary><c>train</c>: from a configuration to a run directory with the model, its score and the report.</summary>
internal static class TrainVerb
{
    public static Command Command()
    {
        var configuration = new Argument<string?>("CONFIG")
        {
            Description = "The experiment, a YAML file. May be left out with --resume RUN_DIRECTORY.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var overrides = CommandLine.Overrides("Values in place of the file's, with dotted paths: training.batch_size=32");
        var resume = new Option<string?>("--resume")
        {
            Description = "Continue an interrupted run, bit for bit: the one in RUN_DIRECTORY (runs/NAME means the newest run of that name), or the newest unfinished one of the configuration's name. It keeps its configuration.",
            HelpName = "RUN_DIRECTORY",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = CommandLine.Json();
        var command = new Verb("train", "Train an experiment, evaluate it on the test split, write the run directory.",
            """
            The run directory holds the model, its metrics, and a report to open in a browser. Progress goes to stderr,
            the result to stdout. Ctrl-C (or SIGTERM, SIGHUP, SIGUSR1) saves the state at the next step; --resume goes
            on from there.

            Examples:
              opticalqat train configs/quickstart.yaml
              opticalqat train configs/quickstart.yaml quantizer.levels.count=2 seed=7
              opticalqat train configs/quickstart.yaml --resume
            """)
        { configuration, overrides, resume, json, NamedAssemblies.Option };
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            var (path, values) = (parsed.GetValue(configuration), parsed.GetValue(overrides) ?? []);
            var run = parsed.GetResult(resume) is null
                ? New(path, values)
                : Resumed(path, values, parsed.GetValue(resume));
            return Train(run, parsed.GetValue(json), interruption);
        }));
        return command;
    }

    /// <summary>A run to be trained; without a directory it is a new one.</summary>
    private sealed record PlannedRun(Experiment Experiment, RunDirectory? Directory);

    private static PlannedRun New(string? configuration, string[] overrides) => configuration is null
        ? throw new UsageException("train needs a configuration: opticalqat train configs/quickstart.yaml")
        : new(ExperimentFile.Read(configuration, overrides), null);

    private static PlannedRun Resumed(string? configuration, string[] overrides, string? folder)
    {
        // --resume RUN key=value, and --resume key=value: the words fall to CONFIG and to RUN.
        string[] paths = [.. new[] { configuration, folder }.OfType<string>()];
        if (paths.Any(ExperimentFile.IsOverride))
            throw KeepsItsOwn(paths.FirstOrDefault(path => !ExperimentFile.IsOverride(path)), [.. paths.Where(ExperimentFile.IsOverride), .. overrides]);
        var given = configuration is null ? null : ExperimentFile.Read(configuration, overrides);
        var directory = folder is not null
            ? RunArgument.OfRun(folder)
            : Newest(given ?? throw new UsageException("--resume needs a configuration, whose newest unfinished run it resumes, or a run directory."));
        var experiment = ExperimentFile.ReadOfRun(directory);
        if (given is not null && ExperimentDifferences.Between(experiment, given).ToArray() is { Length: > 0 } differences)
        {
            throw new UsageException(
                $"{Screen.PathFromHere(directory.Path)} cannot be resumed with another configuration than its own. It differs in:\n  {string.Join("\n  ", differences)}\n"
                + $"Resume it as it is with --resume {Screen.PathFromHere(directory.Path)} alone, or start a new run without --resume.");
        }
        return new(experiment, directory);
    }

    /// <summary>Whoever writes key=value behind --resume without a configuration wants a run to go on otherwise than it was begun.</summary>
    private static UsageException KeepsItsOwn(string? path, string[] changes)
    {
        var (all, resumed) = (string.Join(' ', changes), path is not null && Directory.Exists(path) ? RunArgument.OfRun(path) : null);
        return new($"A run that is resumed keeps its configuration, so {all} cannot be changed. " + (resumed is null
            ? $"Write --resume behind everything else, or without it start a new run{(path is null ? string.Empty : $": opticalqat train {path} {all}")}"
            : $"Resume it as it is: opticalqat train --resume {Screen.PathFromHere(resumed.Path)}\n"
                + $"or start a new run of its configuration: opticalqat train {Screen.PathFromHere(resumed.ConfigurationFile)} {all}"));
    }

    private static RunDirectory Newest(Experiment experiment)
    {
        var all = RunDirectory.OfName(experiment.Output.Folder, experiment.Name);
        return all.FirstOrDefault(run => !run.IsFinished)
            ?? throw new UsageException($"There is no unfinished run of {experiment.Name} in {experiment.Output.Folder} ({all.Count} finished); start one without --resume.");
    }

    private static int Train(PlannedRun planned, bool json, Interruption interruption)
    {
        if (planned.Directory is { IsFinished: true } finished)
        {
            Screen.Note($"The run {Screen.PathFromHere(finished.Path)} is finished.");
            if (json)
                Screen.Give(Kept(finished), () => Console.Out.Write(File.ReadAllText(finished.SummaryFile)));
            return ExitCode.Done;
        }

        var experiment = planned.Experiment;
        var warnings = ExperimentFile.Examine(experiment);
        if (planned.Directory is { } begun)
            interruption.Sentence = Saved(begun);
        NativeRuntime.Initialize();
        using var inputs = TrainingInputs.Read(experiment, Screen.Note, interruption.Token);
        // Once more, now that it is known how many examples want to be kept.
        var examples = ExampleCounts.Of(inputs.Data);
        if (MemoryEstimate.Of(experiment, examples)?.Misfit(experiment, examples) is { } misfit)
            throw new UsageException($"error: {misfit.Key}: {misfit.Message}");
        var directory = planned.Directory ?? RunDirectory.Create(experiment);
        interruption.Sentence = Saved(directory);
        Screen.Note($"{(planned.Directory is null ? "Run" : "Resuming run")} {Screen.PathFromHere(directory.Path)}");
        foreach (var warning in warnings)
            Screen.Note(warning);

        var (run, summary) = TrainingDisplay.Show(experiment, watch =>
        {
            var started = new TrainingRun(experiment, inputs, directory, watch, RunReport.Write);
            return (started, started.Execute(interruption.Token));
        });
        Screen.Give(Kept(directory), () => Print(run, summary, directory, json));
        return ExitCode.Done;
    }

    private static string Saved(RunDirectory directory) => $"Interrupted; state saved, resume with: opticalqat train --resume {Screen.PathFromHere(directory.Path)}";

    private static string Kept(RunDirectory directory) => $"The run is finished and whole, in {Screen.PathFromHere(directory.Path)}; its scores are in summary.json there.";

    private static void Print(TrainingRun run, Summary summary, RunDirectory directory, bool json)
    {
        if (json)
        {
            Console.Out.Write(File.ReadAllText(directory.SummaryFile));
            return;
        }
        ScoreTable.Print(
            ("full precision", run.FullPrecision), ("post-training", run.PostTraining), ("result, " + ScoreTable.NameOf(summary.Levels), summary.Test));
        Console.Out.WriteLine($"Report: {Screen.PathFromHere(directory.ReportFile)}");
    }
}
