using System.Reflection;

namespace OpticalQAT.Cli;

/// <summary>An experiment or a comparison that the tool carries.</summary>
/// <param name="Name">Its path below <c>configs</c> without the ending, e.g. <c>mnist/4-levels</c>.</param>
/// <param name="Text">The file as it stands in the repository.</param>
internal sealed record ExampleFile(string Name, string Text)
{
    /// <summary>The first sentence of its first comment.</summary>
    public string Summary
    {
        get
        {
            var comment = string.Join(' ', Text.Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' ').TrimEnd()));
            var end = comment.IndexOf(". ", StringComparison.Ordinal);
            return end < 0 ? comment : comment[..(end + 1)];
        }
    }
}

/// <summary>The examples: the folder <c>configs</c> of the repository, in the program itself.</summary>
internal static class ExampleFiles
{
    private const string Folder = "configs/";
    private const string Ending = ".yaml";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<ExampleFile> All { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => new ExampleFile(name[Folder.Length..^Ending.Length], Read(name)))
            .OrderBy(example => example.Name, StringComparer.Ordinal),
    ];

    /// <summary>The example of a name, which may have the ending and the folder of its file.</summary>
    public static ExampleFile? Find(string name)
    {
        var bare = name.Replace('\\', '/');
        bare = bare.StartsWith(Folder, StringComparison.Ordinal) ? bare[Folder.Length..] : bare;
        bare = bare.EndsWith(Ending, StringComparison.Ordinal) ? bare[..^Ending.Length] : bare;
        return All.FirstOrDefault(example => string.Equals(example.Name, bare, StringComparison.Ordinal));
    }

    /// <summary>The example of a name.</summary>
    /// <exception cref="UsageException">There is none; lists those that there are.</exception>
    public static ExampleFile Get(string name) => Find(name)
        ?? throw new UsageException($"There is no example '{name}'; there are {string.Join(", ", All.Select(example => example.Name))}.");

    /// <summary>The sentence to add where a file is missing that an example could be: how to get it; otherwise nothing.</summary>
    public static string HintFor(string path) => Find(path) is { } example
        ? $" It is one of the examples: 'opticalqat examples --output configs' writes them all, and then configs/{example.Name}{Ending} is there."
        : string.Empty;

    /// <summary>The files as they lie below a folder.</summary>
    public static string PathOf(ExampleFile example, string folder) => Path.Combine([folder, .. (example.Name + Ending).Split('/')]);

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
