namespace OpticalQAT.Configuration;

/// <summary>
/// A damaged YAML text as a person reads it: which brackets and quotes are opened where, and what each line of keys and
/// values is. The library stops where it can go on no longer, which is often lines behind the cause.
/// </summary>
internal sealed class YamlScan
{
    private readonly Stack<Opening> _open = new();
    private readonly Dictionary<int, Opening> _longQuotes = []; // by the line on which they are closed
    private bool _isBehindBracket;

    /// <summary>Scans a text.</summary>
    public YamlScan(string text)
    {
        var block = -1; // the indentation of the line whose value is a block of text
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            var content = line.TrimStart(' ', '\t');
            var indentation = line.Length - content.Length;
            var isInside = Quotes is not null || _open.Count > 0;
            if (!isInside && (content.Length == 0 || content[0] == '#'))
                continue;
            if (!isInside && block >= 0 && indentation > block)
                continue;
            block = -1;
            if (!isInside)
                Lines.Add(new(i + 1, indentation, content, line[..indentation].IndexOf('\t', StringComparison.Ordinal)));
            Scan(line, i + 1);
            if (Quotes is null && _open.Count == 0 && WithoutComment(content).TrimEnd() is var end && end.LastIndexOf(' ') is > 0 and var last && end[last + 1] is '|' or '>')
                block = indentation;
        }
    }

    /// <summary>The lines that begin outside brackets, quotes and blocks of text, without empty ones and comments.</summary>
    public List<ScannedLine> Lines { get; } = [];

    /// <summary>Quotes that are open to the end, or were closed by a mark on that later line.</summary>
    public Opening? OpenQuotes(int closingLine) => Quotes ?? (_longQuotes.TryGetValue(closingLine, out var opening) ? opening : null);

    /// <summary>The innermost bracket that is open to the end.</summary>
    public Opening? OpenBracket => _open.TryPeek(out var innermost) ? innermost : null;

    /// <summary>The first bracket that closes another one than was opened, or none.</summary>
    public (Opening Closing, Opening? Opened)? WrongBracket { get; private set; }

    private Opening? Quotes { get; set; }

    /// <summary>A bracket or quotation mark, and where it stands.</summary>
    public readonly record struct Opening(char Mark, int Line, int Column);

    private void Scan(string line, int number)
    {
        var isStart = true; // whether a value may begin here
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (Quotes is { Mark: var mark } opening)
            {
                if (c == '\\' && mark == '"')
                    i++;
                if (c != mark)
                    continue;
                if (mark == '\'' && i + 1 < line.Length && line[i + 1] == '\'')
                    i++;
                else
                    (Quotes, isStart) = (null, false);
                if (Quotes is null && opening.Line < number)
                    _longQuotes.TryAdd(number, opening);
                continue;
            }

            var isBehindSpace = i == 0 || line[i - 1] is ' ' or '\t';
            if (c == '#' && isBehindSpace)
                break;
            if (c is ' ' or '\t')
                continue;
            if (c is '"' or '\'' && isStart)
                Quotes = new(c, number, i + 1);
            else if (c is '{' or '[' && (isStart || _open.Count > 0))
                _open.Push(new(c, number, i + 1));
            else if (c is '}' or ']')
                Close(new(c, number, i + 1));
            var opensValue = c is ':' or '-' or '?' && (i + 1 == line.Length || line[i + 1] is ' ' or '\t') || c is '{' or '[' || (c == ',' && _open.Count > 0);
            isStart = opensValue;
            if (c is not ('}' or ']'))
                _isBehindBracket = false;
        }
    }

    private void Close(Opening closing)
    {
        var wanted = closing.Mark == '}' ? '{' : '[';
        if (_open.Count > 0)
        {
            var opened = _open.Pop();
            if (opened.Mark != wanted)
                WrongBracket ??= (closing, opened);
            _isBehindBracket = _open.Count == 0;
        }
        else if (_isBehindBracket)
        {
            WrongBracket ??= (closing, null);
        }
    }

    private static string WithoutComment(string line) => line.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var at ? line[..at] : line;
}

/// <summary>A line of keys and values.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Indentation">How many spaces and tabs stand in front.</param>
/// <param name="Content">What stands behind them.</param>
/// <param name="Tab">The index of the first tab among them; -1 where there is none.</param>
internal readonly record struct ScannedLine(int Number, int Indentation, string Content, int Tab);
