using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OpticalQAT.Cli;

/// <summary>A command whose own help says more than its line in the list of commands.</summary>
/// <param name="name">The name that the user writes.</param>
/// <param name="summary">One line.</param>
/// <param name="details">Paragraphs and examples that stand below its help.</param>
internal sealed class Verb(string name, string summary, string details) : Command(name, summary)
{
    /// <summary>Paragraphs and examples that stand below its help.</summary>
    public string Details { get; } = details;

    /// <summary>The option <c>--help</c> for all verbs.</summary>
    public static HelpOption Help()
    {
        var option = new HelpOption();
        option.Action = new DetailedHelp((HelpAction)option.Action!);
        return option;
    }

    private sealed class DetailedHelp(HelpAction standard) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            standard.Invoke(parseResult);
            if (parseResult.CommandResult.Command is Verb { Details: var details })
                parseResult.InvocationConfiguration.Output.WriteLine(details);
            return ExitCode.Done;
        }
    }
}
