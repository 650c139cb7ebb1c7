using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace OpticalQAT.Configuration;

/// <summary>The likely mistake in a text that is no YAML, and its place.</summary>
/// <param name="text">The text.</param>
/// <param name="exception">What the library stumbled over; null where it does not say.</param>
internal sealed partial class YamlDiagnosis(string text, YamlException? exception)
{
    private readonly YamlScan _scan = new(text);
    private readonly int _line = exception is null ? int.MaxValue : (int)Math.Max(exception.Start.Line, exception.End.Line);

    /// <summary>The place and the message for the user; null where nothing is likely.</summary>
    public (int Line, int Column, string Message)? Find() => Tab() ?? Quotes() ?? Brackets() ?? NearLine(MissingSpace) ?? NearLine(MissingColon) ?? Indentation() ?? ColonInText();

    // The library counts a tab's place from where it gave up, which may be the first line.
    private (int, int, string)? Tab() => _scan.Lines.FirstOrDefault(line => line.Tab >= 0) is { Number: > 0 } line && (line.Number <= _line || Says(" tab "))
        ? (line.Number, line.Tab + 1, "a tab indents this line, and YAML is indented with spaces; put spaces in its place")
        : null;

    private (int, int, string)? Quotes() => _scan.OpenQuotes(_line) is { } quotes && quotes.Line <= _line
        ? (quotes.Line, quotes.Column, $"the quotation mark {quotes.Mark} that is opened here is not closed on this line; close it")
        : null;

    private (int, int, string)? Brackets()
    {
        if (_scan.WrongBracket is { Closing: var closing, Opened: var opened } && closing.Line <= _line)
        {
            return (closing.Line, closing.Column, opened is { Mark: var mark, Line: var line, Column: var column }
                ? $"'{closing.Mark}' closes the '{mark}' of line {line}, column {column}; write '{Closing(mark)}'"
                : $"there is no bracket open that this '{closing.Mark}' closes; remove it");
        }

        return _scan.OpenBracket is { } open && open.Line <= _line
            ? (open.Line, open.Column, $"the '{open.Mark}' that is opened here is not closed; write '{Closing(open.Mark)}' behind its last entry")
            : null;
    }

    /// <summary>Looks at the line at which the library stopped and then at the one above it, which may be the cause.</summary>
    private (int, int, string)? NearLine(Func<ScannedLine, ScannedLine?, string?> judge)
    {
        var at = _scan.Lines.FindLastIndex(line => line.Number <= _line);
        for (var i = at; i >= 0 && i > at - 2; i--)
        {
            if (judge(_scan.Lines[i], i < _scan.Lines.Count - 1 ? _scan.Lines[i + 1] : null) is { } message)
                return (_scan.Lines[i].Number, _scan.Lines[i].Indentation + 1, message);
        }

        return null;
    }

    private static string? MissingSpace(ScannedLine line, ScannedLine? next)
    {
        if (GluedDash().IsMatch(line.Content))
            return $"a space is missing behind the dash; write {Spelling.Quote("- " + line.Content[1..])}";
        return GluedColon().IsMatch(line.Content) && LineForm.Colon(line.Content) is { } meant ? $"a space is missing behind the colon; write '{meant}'" : null;
    }

    private static string? MissingColon(ScannedLine line, ScannedLine? next)
    {
        // Behind a dash, or further in than a value, a line without a colon may be text.
        if (line.Content.Contains(':', StringComparison.Ordinal) || next is { } below && below.Indentation > line.Indentation)
            return null;
        return LineForm.Colon(line.Content) is { } meant ? $"the colon behind the key is missing; write '{meant}'" : null;
    }

    private (int, int, string)? Indentation()
    {
        var at = _scan.Lines.FindLastIndex(line => line.Number <= _line);
        if (at < 1 || exception is null || !Says("invalid mapping") && !Says("expected key"))
            return null;
        (var line, var above) = (_scan.Lines[at], _scan.Lines[at - 1]);
        (int, int, string) Here(string message) => (line.Number, line.Indentation + 1, message);
        if (line.Content is ['-', ' ', ..] && line.Indentation == above.Indentation)
            return Here("a list begins here among the keys of a mapping; indent it below the key that it belongs to");
        if (line.Indentation > above.Indentation && !IsOpen(above))
            return Here($"this line stands {Spaces(line.Indentation)} in, but line {above.Number}, which has its value, {above.Indentation}; give both the same");
        int[] columns = [.. Enclosing(at).Distinct().Order()];
        return columns.Contains(line.Indentation) || line.Indentation > above.Indentation ? null
            : Here($"this line stands {Spaces(line.Indentation)} in, and no key above it does that it could follow; those stand {string.Join(" or ", columns)} in");
    }

    private (int, int, string)? ColonInText() =>
        Says("invalid mapping") && _scan.Lines.Find(line => line.Number == exception!.Start.Line) is { Number: > 0 } line && KeyAndColon().Match(line.Content) is { Success: true } match
            ? (line.Number, line.Indentation + match.Groups["text"].Index + 1, $"the text behind '{match.Groups["key"].Value}:' has ': ' in it; put it in quotes")
            : null;

    /// <summary>The indentations of the keys above a line that could go on there.</summary>
    private IEnumerable<int> Enclosing(int at)
    {
        var least = int.MaxValue;
        for (var i = at - 1; i >= 0; i--)
        {
            if (_scan.Lines[i].Indentation >= least)
                continue;
            yield return least = _scan.Lines[i].Indentation;
        }
    }

    private static bool IsOpen(ScannedLine line) => line.Content.TrimEnd() is [.., ':'] or ['-'];

    private bool Says(string part) => exception?.Message.Contains(part, StringComparison.Ordinal) is true;

    private static string Spaces(int count) => count == 1 ? "1 space" : $"{count} spaces";

    private static char Closing(char opening) => opening == '{' ? '}' : ']';

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*:[^\s/\\]", RegexOptions.CultureInvariant)]
    private static partial Regex GluedColon();

    [GeneratedRegex(@"^(?<key>[A-Za-z_][A-Za-z0-9_]*):\s+(?<text>[^""'{\[|>].*:(\s|$))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KeyAndColon();

    [GeneratedRegex(@"^-[^\s\-0-9.]", RegexOptions.CultureInvariant)]
    private static partial Regex GluedDash();
}
