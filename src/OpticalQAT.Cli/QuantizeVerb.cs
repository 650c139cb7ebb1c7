using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Training;

namespace OpticalQAT.Cli;

/// <summary><c>quantize</c>: post-training quantization of a model.</summary>
internal static class QuantizeVerb
{
    public static Command Command()
    {
        var path = new Argument<string>("MODEL_OR_RUN") { Description = "A model file (model.safetensors), or a run directory." };
        var overrides = CommandLine.Overrides("Another dataset or device, or more of the level table: quantizer.levels.max=1 mm");
        var levels = new Option<int>("--levels") { Description = "How many heights can be printed.", HelpName = "N", Required = true };
        var kind = new Option<string>("--kind") { Description = "How the level table is described; 'opticalqat kinds levels' lists the kinds.", HelpName = "KIND", DefaultValueFactory = _ => "cyclic" };
        var output = new Option<string?>("--out") { Description = "The model file to write; by default beside the model, NAME-N-levels.safetensors.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite that file if it exists." };
        var json = CommandLine.Json();
        var command = new Verb("quantize", "Round a trained model to printable levels, and score the result.",
            """
            Post-training quantization: every height becomes the nearest level, after the offset of each layer that
            scores best on the validation split. Nothing is trained; 'train' with a quantizer usually does much better.

            Example:
              opticalqat quantize runs/quickstart/20261123-141502-7f3a --levels 8
            """)
        { path, overrides, levels, kind, output, force, json };
        levels.Validators.Add(given =>
        {
            if (given.Tokens is [var word] && int.TryParse(word.Value, out var count) && count < 2)
                given.AddError($"--levels must be at least 2, but is {count}.");
        });
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            var model = parsed.GetRequiredValue(path);
            var (count, name) = (parsed.GetValue(levels), parsed.GetRequiredValue(kind));
            var file = FreeFile(parsed.GetValue(output) ?? Beside(model, count), parsed.GetValue(force));
            using var rounding = ModelRounding.Of(model, $"{{ kind: {name}, count: {count} }}", parsed.GetValue(overrides) ?? [], Screen.Note, interruption.Token);
            rounding.Rounded.Save(file);
            Screen.Give($"The rounded model is whole, in {Screen.PathFromHere(file)}; evaluate gives its score again.", () =>
            {
                if (parsed.GetValue(json))
                    Console.Out.WriteLine(JsonSerializer.Serialize(Document(rounding, file), Json.Document));
                else
                    Print(rounding, file);
            });
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>What <c>--json</c> prints: an evaluation of the rounded model, and beside it that of the given one.</summary>
    private static object Document(ModelRounding rounding, string file) => new
    {
        rounding.After.Model,
        rounding.After.Task,
        rounding.After.Split,
        rounding.After.Levels,
        PostTraining = rounding.After.Metrics,
        Given = new { rounding.Before.Levels, rounding.Before.Metrics },
        File = file,
    };

    private static void Print(ModelRounding rounding, string file)
    {
        ScoreTable.Print(
            ("as given, " + ScoreTable.NameOf(rounding.Before.Levels), rounding.Before.Metrics),
            ("rounded to " + ScoreTable.NameOf(rounding.After.Levels), rounding.After.Metrics));
        Console.Out.WriteLine($"Model: {Screen.PathFromHere(file)}");
    }

    private static string Beside(string model, int count)
    {
        var file = Directory.Exists(model) ? Path.Combine(model, "model.safetensors") : model;
        return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}-{count}-levels.safetensors");
    }

    private static string FreeFile(string file, bool force) =>
        File.Exists(file) && !force
            ? throw new UsageException($"{file} exists; name another file with --out, or overwrite it with --force.")
            : Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder)
                ? throw new UsageException($"{file}: there is no folder {folder}.")
                : file;
}
