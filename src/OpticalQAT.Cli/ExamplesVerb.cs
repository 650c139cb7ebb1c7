using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Formats;

namespace OpticalQAT.Cli;

/// <summary><c>examples</c>: the configurations that come with the tool.</summary>
internal static class ExamplesVerb
{
    public static Command Command()
    {
        var name = new Argument<string?>("name") { Description = "The example to print; without it all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output") { Description = "Write the example, or all of them, into this folder instead. Files that are there are left alone." };
        var json = CommandLine.Json();
        var command = new Verb("examples", "List, print or write the example configurations, the quickstart among them.",
            """
            Examples:
              opticalqat examples
              opticalqat examples quickstart
              opticalqat examples --output configs
              opticalqat train configs/quickstart.yaml
            """)
        { name, output, json };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetValue(name) is { } one ? [ExampleFiles.Get(one)] : ExampleFiles.All;
            if (parsed.GetValue(output) is { } folder)
                Write(chosen, folder);
            else if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(chosen, Json.Document));
            else if (parsed.GetValue(name) is not null)
                Console.Out.Write(chosen[0].Text);
            else
                List(chosen);
            return ExitCode.Done;
        });
        return command;
    }

    private static void List(IReadOnlyList<ExampleFile> examples)
    {
        foreach (var example in examples)
            Paragraph.Print($"{example.Name}: {example.Summary}", 0, hanging: 4);
    }

    private static void Write(IReadOnlyList<ExampleFile> examples, string folder)
    {
        foreach (var example in examples)
        {
            var path = ExampleFiles.PathOf(example, folder);
            if (File.Exists(path))
            {
                Screen.Note($"{path} is there already and was left alone.");
                continue;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, example.Text);
            Console.Out.WriteLine(path);
        }
    }
}
