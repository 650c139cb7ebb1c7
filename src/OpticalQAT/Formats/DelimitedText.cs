namespace OpticalQAT.Formats;

/// <summary>
/// A table that is written as text, as spreadsheets and instruments do it: cells between semicolons, tabs, commas or blanks,
/// in quotes where they hold such a character. Lines that begin with # or % are comments; empty ones are skipped.
/// </summary>
/// <param name="file">The file, for messages.</param>
internal sealed class DelimitedText(string file)
{
    private const int MostColumns = 1000;

    private static readonly char[] Separators = [';', '\t', ',', DelimitedRecord.Blanks];

    private readonly List<DelimitedRecord> _records = [];
    private char _separator;

    /// <summary>Whether two columns might be one of numbers with decimal commas: commas part them, and the file does not say so by a line <c>sep=,</c>.</summary>
    public bool CommasPartUnsaid { get; private set; }

    /// <summary>The comment that stands last before the table, taken apart like it; null where there is none of as many cells. It may be the header.</summary>
    public List<string>? Comment { get; private set; }

    /// <summary>The rows, with the line that each begins on; all have as many cells.</summary>
    public IReadOnlyList<(int Line, List<string> Cells)> Rows { get; private set; } = [];

    /// <summary>Takes a text apart.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="mostRows">More rows are refused.</param>
    /// <exception cref="FileFormatException">Lines differ in their number of columns, or a quote does not end, or there is too much of something.</exception>
    public static DelimitedText Parse(string file, string text, int mostRows)
    {
        var table = new DelimitedText(file);
        var comment = table.ReadRecords(text, mostRows);
        if (table._records.Count == 0)
            return table;
        if (table._separator == default)
            table.ChooseSeparator();
        table.ReadRows();
        table.Comment = comment?.Cells(table._separator) is { } cells && cells.Count == table.Rows[0].Cells.Count ? cells : null;
        return table;
    }

    /// <summary>An error on a line.</summary>
    public FileFormatException Wrong(int line, string problem) => new($"{file}:{line}", problem);

    private void ReadRows()
    {
        var columns = _records[0].Cells(_separator).Count;
        if (columns > MostColumns)
            throw Wrong(_records[0].Line, $"the table has {columns} columns, more than {MostColumns}; is it another file?");
        Rows = [.. _records.Select(record => (record.Line, record.Cells(_separator, columns)))];
        foreach (var (line, cells) in Rows)
        {
            if (cells.Count != columns)
                throw Wrong(line, $"the line has {Counted(cells.Count)}, but line {Rows[0].Line} has {columns}, with {Named(_separator)} between them; write all lines with the same columns, and in quotes what holds a separator");
        }
    }

    /// <summary>Parts the text into records, and returns the last comment before the first.</summary>
    private DelimitedRecord? ReadRecords(string text, int mostRows)
    {
        DelimitedRecord? comment = null;
        var number = 1;
        for (var start = 0; start < text.Length;)
        {
            var (end, lines) = End(text, start, number);
            var record = new DelimitedRecord(number, text[start..end].TrimEnd('\r', '\n'));
            if (number == 1 && record.Text is ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', var named])
                _separator = named == ' ' ? DelimitedRecord.Blanks : named;
            else if (IsComment(record.Text))
                comment = _records.Count == 0 ? record with { Text = record.Text.TrimStart().TrimStart('#', '%') } : comment;
            else if (record.Text.AsSpan().Trim("; \t,\u00a0").Length > 0)
                _records.Add(record);
            if (_records.Count > mostRows)
                throw Wrong(number, $"the table has more than {mostRows} lines, the most that is read");
            (start, number) = (end, number + lines);
        }
        return comment;
    }

    /// <summary>The end of the record that begins at a place, behind its line break, and the number of lines that it takes.</summary>
    private (int End, int Lines) End(string text, int start, int number)
    {
        var (quoted, lines, opened) = (false, 1, number);
        var comment = IsComment(text.AsSpan(start, Math.Min(text.Length - start, 100)));
        for (var i = start; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                i++;
            else if (text[i] == '"' && !comment && (quoted || i == start || DelimitedRecord.BeginsCell(text, i)))
                (quoted, opened) = (!quoted, number + lines - 1);
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                if (!quoted)
                    return (i + 1, lines);
                lines++;
            }
        }
        return quoted ? throw Wrong(opened, "a quote is opened that nothing closes; close it, or write it twice where it is part of a text") : (text.Length, lines);
    }

    /// <summary>The first separator that gives every line the same columns, two or more; otherwise one column; otherwise the first that there is, which is then told.</summary>
    private void ChooseSeparator()
    {
        var several = Separators.FirstOrDefault(separator => Parts(separator, Count(_records[0], separator)));
        CommasPartUnsaid = several == ',';
        // A separator at the end of the lines parts nothing, but belongs to no cell either.
        var one = Separators[..3].Where(IsEndOnly).OrderBy(separator => _records.Exists(record => record.Text.Contains(separator, StringComparison.Ordinal)));
        _separator = several != default ? several
            : one.Any() ? one.Last()
            : Separators.FirstOrDefault(separator => Count(_records[0], separator) > 1, Separators.FirstOrDefault(separator => _records.Exists(record => Count(record, separator) > 1), ';'));
    }

    private bool Parts(char separator, int columns) => columns > 1 && _records.TrueForAll(record =>
    {
        var cells = record.Cells(separator, columns);
        // In "0 1,5" the comma is in a number.
        return cells.Count == columns && (separator != ',' || !cells.Exists(HoldsNumbersApart));
    });

    /// <summary>Whether with this separator there is one column, and the first line holds none of the others; a comma between digits may be in a number.</summary>
    private bool IsEndOnly(char separator)
    {
        if (!_records.TrueForAll(record => record.Cells(separator, columns: 1).Count == 1))
            return false;
        var first = _records[0].Cells(separator, columns: 1)[0];
        return _records[0].Text.StartsWith('"') || !Enumerable.Range(0, first.Length).Any(i =>
            first[i] is ';' or '\t' || (first[i] == ',' && !(i > 0 && i + 1 < first.Length && char.IsAsciiDigit(first[i - 1]) && char.IsAsciiDigit(first[i + 1]))));
    }

    private static int Count(DelimitedRecord record, char separator) => record.Cells(separator).Count;

    private static bool HoldsNumbersApart(string cell) =>
        Enumerable.Range(1, Math.Max(0, cell.Length - 2)).Any(i => char.IsWhiteSpace(cell[i]) && char.IsAsciiDigit(cell[i - 1]) && char.IsAsciiDigit(cell[i + 1]));

    private static bool IsComment(ReadOnlySpan<char> text) => text.TrimStart() is ['#' or '%', ..];

    private static string Counted(int columns) => columns == 1 ? "1 column" : $"{columns} columns";

    private static string Named(char separator) => separator switch { ';' => "semicolons", '\t' => "tabs", ',' => "commas", DelimitedRecord.Blanks => "blanks", _ => $"'{separator}'" };
}
