namespace OpticalQAT.Cli;

/// <summary>Text on stdout in lines that a terminal of 80 to 100 columns shows whole.</summary>
internal static class Paragraph
{
    private const int Columns = 90;
    private const int LabelWidth = 13;

    /// <summary>Prints a text; an empty one prints nothing.</summary>
    /// <param name="text">Words.</param>
    /// <param name="indent">Spaces before the first line.</param>
    /// <param name="hanging">Spaces more before each further line.</param>
    public static void Print(string text, int indent, int hanging = 0) =>
        Print(new string(' ', indent), text, indent + hanging);

    /// <summary>Prints a text beside its label.</summary>
    public static void PrintRow(string label, string text) => Print(label.PadRight(LabelWidth), text, LabelWidth);

    private static void Print(string line, string text, int indent)
    {
        var isEmpty = true;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Columns)
            {
                Console.Out.WriteLine(line);
                (line, isEmpty) = (new string(' ', indent), true);
            }
            line += isEmpty ? word : " " + word;
            isEmpty = false;
        }
        if (!isEmpty)
            Console.Out.WriteLine(line);
    }
}
