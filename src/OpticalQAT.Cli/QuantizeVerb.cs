using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Runs;

namespace OpticalQAT.Cli;

/// <summary><c>quantize</c>: post-training quantization of a model.</summary>
internal static class QuantizeVerb
{
    public static Command Command()
    {
        var path = new Argument<string>("MODEL_OR_RUN") { Description = "A model file (model.safetensors), a run directory, or runs/NAME for the newest run of that name." };
        var overrides = CommandLine.Overrides("Another dataset or device, or a key of the level table: levels.max=1 mm");
        var levels = new Option<int?>("--levels") { Description = "How many heights can be printed, for the kinds that are given by their number.", HelpName = "N" };
        var kind = new Option<string?>("--kind") { Description = "How the level table is described, by default cyclic; 'opticalqat kinds levels' lists the kinds and their keys.", HelpName = "KIND" };
        var output = new Option<string?>("--out") { Description = "The model file to write; by default beside the model, NAME-N-levels.safetensors.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite that file if it exists." };
        var json = CommandLine.Json();
        var command = new Verb("quantize", "Round a trained model to printable levels, and score the result.",
            """
            Post-training quantization: every height becomes the nearest level, after the offset of each layer that
            scores best on the validation split. Nothing is trained; 'train' with a quantizer usually does much better.
            The keys of the table are those under quantizer.levels in a configuration, here short: levels.KEY=value.

            Examples:
              opticalqat quantize runs/quickstart --levels 8
              opticalqat quantize runs/quickstart --levels 8 --kind inclusive "levels.max=0.9 mm"
              opticalqat quantize runs/quickstart --kind list "levels.heights=[0 um, 250 um, 600 um]"
              opticalqat quantize runs/quickstart --kind measured levels.file=levels.csv
              opticalqat quantize runs/quickstart --kind per_layer "levels.default={ kind: cyclic, count: 4 }" "levels.layers=[{ which: '1', levels: { kind: cyclic, count: 2 } }]"
            """)
        { path, overrides, levels, kind, output, force, json, NamedAssemblies.Option };
        levels.Validators.Add(given =>
        {
            if (given.Tokens is [var word] && int.TryParse(word.Value, out var count) && count < 2)
                given.AddError($"--levels must be at least 2, but is {count}.");
        });
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            var words = parsed.GetValue(overrides) ?? [];
            // What is wrong with the words is said before anything is looked for.
            var table = WrittenLevels.Read(parsed.GetValue(kind), parsed.GetValue(levels), [.. words.Where(WrittenLevels.IsOf)]);
            var model = RunArgument.OfModel(parsed.GetRequiredValue(path));
            var file = FreeFile(parsed.GetValue(output) ?? Beside(model, WrittenLevels.Counts(table)), parsed.GetValue(force));
            using var rounding = ModelRounding.Of(model, table, [.. words.Where(word => !WrittenLevels.IsOf(word))], Screen.Note, interruption.Token);
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

    /// <summary>The document that <c>--json</c> prints: an evaluation of the rounded model, and beside it that of the model before.</summary>
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

    private static string Beside(string model, int[] counts)
    {
        var file = Directory.Exists(model) ? Path.Combine(model, "model.safetensors") : model;
        return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}-{string.Join('-', counts)}-levels.safetensors");
    }

    private static string FreeFile(string file, bool force) =>
        Directory.Exists(file)
            ? throw new UsageException($"{file}: this is a folder; --out names the file to write, for example {Path.Combine(file, "rounded.safetensors")}.")
            : File.Exists(file) && !force
            ? throw new UsageException($"{file} exists; name another file with --out, or overwrite it with --force.")
            : Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder)
                ? throw new UsageException($"{file}: there is no folder {folder}.")
                : file;
}
