using Spectre.Console;

namespace OpticalQAT.Cli;

/// <summary>The consoles that a person sees: results on stdout, everything else on stderr.</summary>
internal static class Screen
{
    /// <summary>Whether someone watches stderr on a terminal that may be drawn on.</summary>
    public static bool IsLive => MayDraw(Console.IsErrorRedirected);

    /// <summary>The console for results.</summary>
    public static IAnsiConsole Results() => On(Console.Out, Console.IsOutputRedirected);

    /// <summary>The console for progress.</summary>
    public static IAnsiConsole Progress() => On(Console.Error, Console.IsErrorRedirected);

    /// <summary>Gives a result to stdout that is also kept elsewhere, or can be had again.</summary>
    /// <param name="kept">A sentence that says so, for where stdout cannot be written to.</param>
    /// <param name="print">Prints it.</param>
    /// <exception cref="OutputException">Stdout cannot be written to.</exception>
    public static void Give(string kept, Action print)
    {
        try
        {
            print();
        }
        catch (OutputException lost)
        {
            throw lost.Keeping(kept);
        }
    }

    /// <summary>A sentence beside the results.</summary>
    public static void Note(string text) => Console.Error.WriteLine(text);

    /// <summary>A path as it is shortest from here.</summary>
    public static string PathFromHere(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static IAnsiConsole On(TextWriter writer, bool isRedirected) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = MayDraw(isRedirected) ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = MayDraw(isRedirected) ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = MayDraw(isRedirected) ? InteractionSupport.Detect : InteractionSupport.No,
    });

    // https://no-color.org: any value but the empty one asks for plain text.
    private static bool MayDraw(bool isRedirected) =>
        !isRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
}
