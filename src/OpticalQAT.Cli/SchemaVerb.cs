using System.CommandLine;
using OpticalQAT.Configuration;

namespace OpticalQAT.Cli;

/// <summary><c>schema</c>: the JSON Schema of the experiment file, for editors.</summary>
internal static class SchemaVerb
{
    public static Command Command()
    {
        var json = CommandLine.Json();
        json.Description = "The schema is JSON always; accepted so that scripts need no exception.";
        var command = new Verb("schema", "Print the JSON Schema of the experiment file, for editors.",
            """
            An editor with a YAML language server offers keys and kinds and marks mistakes when the first line of an
            experiment names the schema:
              # yaml-language-server: $schema=opticalqat.schema.json

            Example:
              opticalqat schema > configs/opticalqat.schema.json
            """)
        { json, NamedAssemblies.Option };
        command.SetAction(_ =>
        {
            Console.Out.Write(new JsonSchemaGenerator(Catalogue.OfAssembliesInUse()).Generate(typeof(Experiment), "OpticalQAT experiment"));
            return ExitCode.Done;
        });
        return command;
    }
}
