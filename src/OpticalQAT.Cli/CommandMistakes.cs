using System.CommandLine;
using System.CommandLine.Parsing;
using OpticalQAT.Configuration;

namespace OpticalQAT.Cli;

/// <summary>The faults of a command line's words, and what would be right.</summary>
internal static class CommandMistakes
{
    /// <summary>A sentence for each mistake; none where the words can be run.</summary>
    public static IReadOnlyList<string> In(ParseResult parsed, Command commands)
    {
        var command = parsed.CommandResult.Command;
        if (command == commands && parsed.UnmatchedTokens.FirstOrDefault(word => !word.StartsWith('-')) is { } verb)
            return [$"There is no verb {Spelling.Quote(verb)}{Guess(verb, commands.Subcommands.Select(each => each.Name))} {Verbs(commands)}"];
        // The parser takes an option that it does not know for a path, or leaves it over.
        string[] unknown = [.. parsed.CommandResult.Tokens.Select(token => token.Value).Concat(parsed.UnmatchedTokens).Where(word => word.StartsWith('-')).Distinct(StringComparer.Ordinal)];
        if (unknown.Length > 0)
            return [.. unknown.Select(word => NoOption(word, command))];
        if (parsed.Errors.Count == 0)
            return [];
        if (command == commands)
            return [$"A verb is missing. {Verbs(commands)}"];
        return [.. parsed.Errors.Select(error => Sentence(error, command, parsed)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The end of a sentence that says that there is no such name: <c>; did you mean 'train'?</c>, or where no name is near a full stop.</summary>
    public static string Guess(string written, IEnumerable<string> known) =>
        Spelling.Nearest(written, known) is { } nearest ? $"; did you mean '{nearest}'?" : ".";

    private static string Verbs(Command commands) => $"The verbs are {string.Join(", ", commands.Subcommands.Select(each => each.Name))}.";

    private static string NoOption(string word, Command command)
    {
        string[] known = [.. command.Options.Where(option => !option.Hidden).Select(option => option.Name).Append(Failure.Verbose.Name)];
        var guess = Spelling.Nearest(word.TrimStart('-'), known.Select(name => name.TrimStart('-')));
        return $"There is no option {word}{(guess is null ? "." : $"; did you mean --{guess}?")} The options are {string.Join(", ", known.Distinct(StringComparer.Ordinal))}.";
    }

    private static string Sentence(ParseError error, Command command, ParseResult parsed) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0, Option: { Arity.MinimumNumberOfValues: > 0 } option } => $"{option.Name} needs a value, {option.HelpName ?? "VALUE"}: {option.Description}",
        OptionResult { Tokens: [var word, ..], Option: { ValueType: var type, Name: var name } } when IsConversion(error) => $"{name} is {Kind(type)}, but is {Spelling.Quote(word.Value)}.",
        ArgumentResult { Parent: OptionResult { Option: { ValueType: var type, Name: var name } }, Tokens: [var word, ..] } when IsConversion(error) => $"{name} is {Kind(type)}, but is {Spelling.Quote(word.Value)}.",
        ArgumentResult { Parent: OptionResult { Tokens.Count: 0, Option: var option } } => $"{option.Name} needs a value, {option.HelpName ?? "VALUE"}: {option.Description}",
        OptionResult or ArgumentResult { Parent: OptionResult } => error.Message,
        _ when parsed.UnmatchedTokens is [var word, ..] => command.Arguments.Count == 0
            ? $"{command.Name} takes no arguments, but is given {Spelling.Quote(word)}."
            : $"{command.Name} is given {Spelling.Quote(word)}, which is one word too many.",
        _ when command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 }) is { } missing =>
            $"{command.Name} needs {missing.Name}: {missing.Description}",
        _ => error.Message,
    };

    private static bool IsConversion(ParseError error) => error.Message.StartsWith("Cannot parse", StringComparison.Ordinal);

    private static string Kind(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(int) ? "a whole number" : type == typeof(double) ? "a number" : type.Name.ToLowerInvariant();
    }
}
