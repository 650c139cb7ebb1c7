using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Units;
using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary><c>robustness</c>: how designs fare on fabricated devices, and how many of these would be good enough.</summary>
internal static class RobustnessVerb
{
    public static Command Command()
    {
        var words = new Argument<string[]>("RUN … PLAN")
        {
            Description = "Run directories (runs/NAME means the newest run of that name) or model files, then the plan, a YAML file; key=value names another dataset or device for all of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out") { Description = "The folder for everything that comes out; by default robustness/PLAN.", HelpName = "FOLDER" };
        var required = new Option<double?>("--require-yield") { Description = "Fail with exit code 3 where a design's yield is below this share.", HelpName = "SHARE" };
        var json = CommandLine.Json();
        var command = new Verb("robustness", "Score designs against fabrication errors, and estimate their yield.",
            """
            Each error of the plan is swept alone, and all of them are drawn together for the yield: the share of the
            devices that reach the plan's threshold, with its 95 % interval. Designs that meet the same plan meet the same
            devices. FOLDER holds robustness.html, robustness.csv, robustness.json, figures/ and measurements.jsonl, in
            which every device is kept as soon as it is measured: after Ctrl-C (or a signal as with train) the same command
            goes on.

            Examples:
              opticalqat robustness runs/mnist-4-levels/20261123-141502-7f3a configs/robustness/mnist.yaml
              opticalqat robustness plain.safetensors robust.safetensors plan.yaml --out study --require-yield 0.9
            """)
        { words, output, required, json, NamedAssemblies.Option };
        required.Validators.Add(given =>
        {
            if (given.Tokens is [var word] && !(double.TryParse(word.Value, System.Globalization.CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1))
                given.AddError($"--require-yield is a share between 0 and 1, such as 0.9, but is {word.Value}.");
        });
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            var all = parsed.GetRequiredValue(words);
            string[] overrides = [.. all.Where(ExperimentFile.IsOverride)];
            string[] paths = [.. all.Where(word => !ExperimentFile.IsOverride(word))];
            if (paths.Length < 2)
                throw new UsageException("robustness needs at least one run and a plan: opticalqat robustness runs/NAME configs/robustness/mnist.yaml");
            return Study(paths[..^1], paths[^1], overrides, parsed.GetValue(output), parsed.GetValue(required), parsed.GetValue(json), interruption);
        }));
        return command;
    }

    /// <summary>Says what a plan asks for.</summary>
    /// <returns>The exit code.</returns>
    public static int Validate(string planFile, bool json)
    {
        var plan = RobustnessPlan.Read(planFile);
        var devices = plan.Sweeps.Sum(sweep => sweep.Strengths.Length * sweep.Drawn) + (plan.Yield?.Devices ?? 0);
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Plan = Path.GetFileNameWithoutExtension(planFile), IsValid = true, Sweeps = plan.Sweeps.Length, Yield = plan.Yield is not null, Devices = devices }, Json.Document));
        else
            Paragraph.PrintRow("plan", $"{Path.GetFileNameWithoutExtension(planFile)}: {plan.Sweeps.Length} errors swept{(plan.Yield is null ? string.Empty : ", a yield")}, {devices} devices for each design");
        return ExitCode.Done;
    }

    private static int Study(string[] runs, string planFile, string[] overrides, string? output, double? required, bool json, Interruption interruption)
    {
        if (!File.Exists(planFile) || Path.GetExtension(planFile) is ".safetensors")
            throw new UsageException($"{planFile}: {(Directory.Exists(planFile) ? "this is a folder, and a plan is wanted" : File.Exists(planFile) ? "this is a model, and a plan is wanted" : $"there is no such plan (looked for {Path.GetFullPath(planFile)})")}; the last path is that of the plan, a YAML file such as configs/robustness/mnist.yaml.");
        if (!RobustnessPlan.Recognises(planFile) && ConfigurationReader.ReadFile<Experiment>(planFile, []).Value is not null)
            throw new UsageException($"{planFile}: this is the configuration of an experiment, and a plan is wanted; the last path is that of the plan, a YAML file such as configs/robustness/mnist.yaml.");
        var plan = RobustnessPlan.Read(planFile);
        if (required is not null && plan.Yield is null)
            throw new UsageException($"{planFile}: --require-yield asks for a yield, and this plan estimates none; give it the key 'yield'.");
        var name = Path.GetFileNameWithoutExtension(planFile);
        var folder = new RobustnessFolder(output ?? Path.Combine("robustness", name));
        // Before the folder is made, so that a wrong path leaves nothing behind.
        runs = [.. runs.Select(RunArgument.OfModel)];
        using var scores = folder.OpenScores();
        if (scores.Found > 0)
            Screen.Note($"{scores.Found} measurements are there already, in {Screen.PathFromHere(Path.GetFullPath(folder.Path))}.");
        RobustnessResult result;
        try
        {
            var study = new RobustnessStudy(name, plan, scores, done => Screen.Note($"[{done.Number}/{done.Count}] {done.Message}"));
            result = study.Execute(runs, overrides, Screen.Note, interruption.Token);
        }
        catch (OperationCanceledException) when (scores.Count > 0)
        {
            interruption.Sentence = "Interrupted; what was measured is kept, the same command goes on from here.";
            throw;
        }
        folder.Write(result);
        Screen.Give(
            $"The study is finished and whole, in {Screen.PathFromHere(Path.GetFullPath(folder.Path))}; its numbers are in robustness.html, .csv and .json there.",
            () => Print(folder, result, json));
        return required is { } share && result.Runs.Any(run => run.Yield!.Yield < share) ? ExitCode.CheckFailed : ExitCode.Done;
    }

    private static void Print(RobustnessFolder folder, RobustnessResult result, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, Json.Document));
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(Markup.Escape(result.Score.Name)).NoWrap());
        table.AddColumns([.. result.Runs.Select(run => new TableColumn(Markup.Escape(run.Name)).RightAligned())]);
        table.AddRow(["no error", .. result.Runs.Select(run => NumberText.Plain(run.Nominal[result.Score.Name], 4))]);
        foreach (var (i, sweep) in result.Runs[0].Sweeps.Index())
        {
            foreach (var (k, point) in sweep.Points.Index())
                table.AddRow([FormattableString.Invariant($"{sweep.Error} {point.Amount:0.###} {sweep.Unit}"), .. result.Runs.Select(run => Cell(run.Sweeps[i].Points[k]))]);
        }
        if (result.Runs[0].Yield is { } first)
            table.AddRow([FormattableString.Invariant($"yield at {first.Threshold:0.####}"), .. result.Runs.Select(run => Cell(run.Yield!))]);
        Screen.Results().Write(table);
        Console.Out.WriteLine($"Page: {Screen.PathFromHere(Path.GetFullPath(folder.PageFile))}");
    }

    private static string Cell(SweepPoint point) =>
        NumberText.Plain(point.Mean, 4) + (point.Interval is { } interval ? $" ±{NumberText.Plain(interval.HalfWidth, 4)}" : string.Empty);

    private static string Cell(YieldResult yield) =>
        $"{NumberText.Plain(yield.Yield, 3)} ({NumberText.Plain(yield.Interval.Low, 3)} to {NumberText.Plain(yield.Interval.High, 3)})";
}
