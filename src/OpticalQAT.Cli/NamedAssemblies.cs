using System.CommandLine;
using OpticalQAT.Configuration;

namespace OpticalQAT.Cli;

/// <summary>The option <c>--assembly</c>: assemblies whose kinds may be chosen beside the library's own.</summary>
internal static class NamedAssemblies
{
    /// <summary>For every verb that reads a configuration, a plan or a model, or lists what these may say.</summary>
    public static Option<string[]> Option { get; } = new("--assembly")
    {
        Description = "Use the kinds of an assembly of yours, a .dll, as well; may be given several times. Its code runs with your rights.",
        HelpName = "PATH",
    };

    /// <summary>The full paths of what the command line names.</summary>
    public static IReadOnlyList<string> Paths { get; private set; } = [];

    /// <summary>Loads what a command line names.</summary>
    /// <exception cref="ConfigurationException">One of them cannot be used.</exception>
    public static void Load(ParseResult parsed)
    {
        Paths = [.. (parsed.GetValue(Option) ?? []).Select(Load)];
    }

    private static string Load(string written)
    {
        if (!LocalPath.TryExpand(written, out var path, out var problem))
            throw new UsageException($"--assembly {problem}");
        KindAssemblies.Load(path, new Place($"--assembly {written}", 0, 0));
        return Path.GetFullPath(path);
    }
}
