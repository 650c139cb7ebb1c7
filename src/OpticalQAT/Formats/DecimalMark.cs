using System.Text.RegularExpressions;

namespace OpticalQAT.Formats;

/// <summary>Numbers with a decimal point or a decimal comma, and with the other of the two between groups of three digits.</summary>
internal static partial class DecimalMark
{
    /// <summary>The evidence of a number's text on its decimal mark.</summary>
    public enum Evidence
    {
        /// <summary>It has no mark, or is no number.</summary>
        None,

        /// <summary>Its decimal mark is the point.</summary>
        Point,

        /// <summary>Its decimal mark is the comma.</summary>
        Comma,

        /// <summary>1.234: a decimal point, or a thousand.</summary>
        PointOrGroup,

        /// <summary>1,234: a decimal comma, or a thousand.</summary>
        CommaOrGroup,
    }

    /// <summary>The evidence of one text.</summary>
    public static Evidence Of(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
            return Evidence.None;
        var (body, hasExponent) = (match.Groups["body"].Value, match.Groups["exponent"].Success);
        var (points, commas) = (body.Count(c => c == '.'), body.Count(c => c == ','));
        if (points + commas == 0)
            return Evidence.None;
        // Of several marks the last is the decimal one, unless it stands there twice: then it parts groups.
        var last = body[body.LastIndexOfAny(['.', ','])];
        var mark = points + commas == 1 || (last == '.' ? points : commas) == 1 ? last : last == '.' ? ',' : '.';
        if (Normal(text, mark) is null)
            return Evidence.None;
        var mayBeGroup = points + commas == 1 && !hasExponent && Normal(text, last == '.' ? ',' : '.') is not null && body[0] != '0';
        return (mark, mayBeGroup) switch
        {
            ('.', false) => Evidence.Point,
            ('.', true) => Evidence.PointOrGroup,
            (_, false) => Evidence.Comma,
            (_, true) => Evidence.CommaOrGroup,
        };
    }

    /// <summary>The number with a decimal point and without groups, as programs read it; null where it is none with this decimal mark.</summary>
    public static string? Normal(string text, char mark)
    {
        var match = (mark == '.' ? WithPoint() : WithComma()).Match(text);
        if (!match.Success || (match.Groups["whole"].Length == 0 && match.Groups["fraction"].Length == 0))
            return null;
        var whole = match.Groups["whole"].Value.Replace(mark == '.' ? "," : ".", string.Empty, StringComparison.Ordinal);
        return $"{match.Groups["sign"].Value}{(whole.Length == 0 ? "0" : whole)}{(match.Groups["fraction"].Length == 0 ? string.Empty : "." + match.Groups["fraction"].Value)}{match.Groups["exponent"].Value}";
    }

    [GeneratedRegex(@"^[+-]?(?<body>[0-9.,]+)(?<exponent>[eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?<fraction>[0-9]*))?(?<exponent>[eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex WithPoint();

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]*)(?:,(?<fraction>[0-9]*))?(?<exponent>[eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex WithComma();
}
