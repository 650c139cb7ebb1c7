using System.CommandLine;
using System.CommandLine.Invocation;

namespace OpticalQAT.Cli;

/// <summary>From the words of the command line to the exit code.</summary>
internal static class CommandLine
{
    /// <summary>Reads the words, runs the verb, and turns whatever goes wrong into an exit code.</summary>
    public static int Run(Command commands, string[] words)
    {
        // An override may begin with '@', which would otherwise name a file of further words.
        var parsed = commands.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var isHelp = parsed.Action is not null and not ParseErrorAction && parsed.Errors.Count > 0;
        if (!isHelp && CommandMistakes.In(parsed, commands) is { Count: > 0 } mistakes)
        {
            foreach (var mistake in mistakes)
                Console.Error.WriteLine(mistake);
            return Misused(parsed, commands);
        }
        try
        {
            if (!isHelp && parsed.Action == parsed.CommandResult.Command.Action)
                NamedAssemblies.Load(parsed);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception failure)
        {
            return Failure.Report(failure, parsed.GetValue(Failure.Verbose));
        }
    }

    private static int Misused(ParseResult parsed, Command commands)
    {
        var verb = parsed.CommandResult.Command == commands ? string.Empty : $" {parsed.CommandResult.Command.Name}";
        Console.Error.WriteLine($"Usage: opticalqat{verb} --help");
        return ExitCode.Usage;
    }

    /// <summary>The <c>key=value</c> words of a verb.</summary>
    public static Argument<string[]> Overrides(string description) => new("key=value")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The option <c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on stdout, and nothing else there." };
}
