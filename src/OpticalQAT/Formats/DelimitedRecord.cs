using System.Text;

namespace OpticalQAT.Formats;

/// <summary>A record of a table that is written as text: usually a line; with a line break in quotes, several.</summary>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Text">As it stands in the file.</param>
internal sealed record DelimitedRecord(int Line, string Text)
{
    /// <summary>The separator that stands for any run of blanks.</summary>
    public const char Blanks = ' ';

    /// <summary>Whether a quote at a place begins a quoted cell: at the start, or behind what may separate.</summary>
    public static bool BeginsCell(string text, int at) => at == 0 || text[at - 1] is ';' or ',' or '\n' or '\r' || char.IsWhiteSpace(text[at - 1]);

    /// <summary>The cells, without blanks around them and the quotes that enclose them.</summary>
    /// <param name="separator">The character between them, or <see cref="Blanks"/>.</param>
    /// <param name="columns">Empty cells behind so many are dropped: spreadsheets write them.</param>
    public List<string> Cells(char separator, int columns = 0)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < Text.Length; i++)
        {
            var c = Text[i];
            if (quoted && c == '"' && i + 1 < Text.Length && Text[i + 1] == '"')
                cell.Append(Text[i++]);
            else if (c == '"' && (quoted || BeginsCell(Text, i)))
                quoted = !quoted;
            else if (!quoted && (separator == Blanks ? char.IsWhiteSpace(c) : c == separator))
                End(cells, cell, separator);
            else
                cell.Append(c);
        }
        End(cells, cell, separator);
        while (cells.Count > columns && cells[^1].Length == 0)
            cells.RemoveAt(cells.Count - 1);
        return cells;
    }

    private static void End(List<string> cells, StringBuilder cell, char separator)
    {
        var text = cell.ToString().Trim();
        cell.Clear();
        if (separator != Blanks)
            cells.Add(text);
        else if (text is ['(' or '[', ..] && cells.Count > 0)
            cells[^1] += " " + text; // the unit in height (um) is no column
        else if (text.Length > 0)
            cells.Add(text);
    }
}
