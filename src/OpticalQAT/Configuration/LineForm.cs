using System.Text.RegularExpressions;

namespace OpticalQAT.Configuration;

/// <summary>The likely meaning of a line that is almost <c>key: value</c>.</summary>
internal static partial class LineForm
{
    /// <summary>
    /// The line with its colon and a space; null where the text does not begin with a key that is known:
    /// <c>layers:1</c>, <c>layers 1</c> and <c>layers = 1</c> are <c>layers: 1</c>.
    /// </summary>
    public static string? Colon(string text, IEnumerable<string> known)
    {
        var match = Almost().Match(text);
        return match.Success && known.Contains(match.Groups["key"].Value, StringComparer.Ordinal) ? Written(match) : null;
    }

    /// <summary>The same for any key.</summary>
    public static string? Colon(string text) => Almost().Match(text) is { Success: true } match ? Written(match) : null;

    private static string Written(Match match)
    {
        var line = $"{match.Groups["key"].Value}: {match.Groups["value"].Value}".TrimEnd();
        return Spelling.Quote(line)[1..^1];
    }

    [GeneratedRegex(@"^(?<key>[A-Za-z_][A-Za-z0-9_]*)(:(?![/\\])|\s*=|\s*:|\s+(?![:=]))\s*(?<value>\S.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Almost();
}
