using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Runs;

namespace OpticalQAT.Cli;

/// <summary><c>evaluate</c>: the score of a model on the test split.</summary>
internal static class EvaluateVerb
{
    public static Command Command()
    {
        var path = new Argument<string>("RUN_OR_MODEL") { Description = "A run directory, runs/NAME for the newest run of that name, or a model file (model.safetensors)." };
        var overrides = CommandLine.Overrides("Another dataset, device or perturbation: task.dataset.folder=data/fashion-mnist");
        var json = CommandLine.Json();
        var command = new Verb("evaluate", "Score a model on the test split, at hard levels.",
            """
            The model is evaluated as it would be printed. Overrides may name another dataset, another device or
            another perturbation; whatever belongs to the model itself is refused.

            Examples:
              opticalqat evaluate runs/quickstart
              opticalqat evaluate model.safetensors task.dataset.seed=2 --json
            """)
        { path, overrides, json, NamedAssemblies.Option };
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            var evaluation = Evaluation.Of(RunArgument.OfModel(parsed.GetRequiredValue(path)), parsed.GetValue(overrides) ?? [], Screen.Note, interruption.Token);
            Screen.Give("An evaluation is kept nowhere else; the same command makes it again.", () =>
            {
                if (parsed.GetValue(json))
                    Console.Out.WriteLine(JsonSerializer.Serialize(evaluation, Json.Document));
                else
                    ScoreTable.Print((ScoreTable.NameOf(evaluation.Levels), evaluation.Metrics));
            });
            return ExitCode.Done;
        }));
        return command;
    }
}
