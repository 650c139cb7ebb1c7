namespace OpticalQAT.Configuration;

/// <summary>
/// A file of this record may name another one under the key <c>base</c>, and is then laid over it: what it says counts,
/// what it does not mention stays.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExtendableAttribute : Attribute;

/// <summary>Reads a file and lays it over the file that its key <c>base</c> names, that one over its own base, and so on.</summary>
internal static class BaseFile
{
    public const string Key = "base";

    /// <summary>The description of the key for editors.</summary>
    public const string Description = "Another experiment file that this one is laid over: what is written here counts, what is not stays as it is there, and a mapping of another kind takes the place of the whole one. A relative path starts at this file's folder.";

    private const int MostFiles = 16;

    /// <summary>Whether files of that record may have a base.</summary>
    public static bool IsTakenBy(Type type) => type.IsDefined(typeof(ExtendableAttribute), inherit: true);

    /// <summary>Reads a file as it stands; null when it cannot be made a tree, and the errors say why.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ConfigurationNode? ReadOne(string path, List<ConfigurationError> errors) =>
        ConfigurationText.Read(path, errors) is { } text ? YamlText.ReadFile(text, path, errors) : null;

    /// <summary>Reads a file with its bases; null when one of them cannot be made a tree, and the errors say why.</summary>
    /// <exception cref="IOException">The file itself cannot be read.</exception>
    public static ConfigurationNode? ReadAll(string path, List<ConfigurationError> errors)
    {
        List<string> chain = [path];
        var file = ReadOne(path, errors);
        if (file is not MappingNode top)
            return file;
        var whole = Without(top, top.Place);
        for (var above = top; above.Find(Key) is { Value.IsNull: false } named;)
        {
            if (Next(named, chain, errors) is not MappingNode below)
                return null;
            whole = whole.Over(Without(below, top.Place));
            above = below;
        }

        return whole;
    }

    /// <summary>The file that a key names; null when there is none, and the errors say so.</summary>
    private static MappingNode? Next(MappingEntry named, List<string> chain, List<ConfigurationError> errors)
    {
        var place = named.Value.Place;
        var problem = $"must be an experiment file, but is {named.Value.Description}";
        if (named.Value is not ScalarNode scalar || !LocalPath.TryExpand(scalar.Text, out var path, out problem))
        {
            if (named.Value is not DamagedNode)
                errors.Add(new(place, $"'{Key}' {problem}"));
            return null;
        }

        path = Named(path, chain[^1]);
        var known = chain.FindIndex(file => string.Equals(Path.GetFullPath(file), Path.GetFullPath(path), StringComparison.Ordinal));
        chain.Add(path);
        if (!File.Exists(path))
            errors.Add(new(place, $"'{Key}' names {path}, and there is no such file; a relative path starts at this file's folder"));
        else if (known >= 0)
            errors.Add(new(place, $"'{Key}' goes round in a circle: {string.Join(" -> ", chain[known..])}; one of these files must stand alone"));
        else if (chain.Count > MostFiles)
            errors.Add(new(place, $"this is the {MostFiles}th file that is laid over another: {string.Join(" -> ", chain)}; put some of them together"));
        else
            return Read(path, place, errors);
        return null;
    }

    private static MappingNode? Read(string path, Place place, List<ConfigurationError> errors)
    {
        try
        {
            var before = errors.Count;
            var file = ReadOne(path, errors);
            if (file is not MappingNode && errors.Count == before)
                errors.Add(new(file!.Place, $"a mapping of keys was expected, but this is {file.Description}"));
            return file as MappingNode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new(place, $"'{Key}' names {path}, which cannot be read: {e.Message}"));
            return null;
        }
    }

    /// <summary>The name by which errors call a file that another one names: as it is found from the current folder, if that is the shorter name.</summary>
    private static string Named(string path, string from)
    {
        var full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(from))!, path));
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, full);
        return Path.IsPathRooted(from) || relative.Length > full.Length ? full : relative;
    }

    private static MappingNode Without(MappingNode file, Place place)
    {
        MappingNode rest = new(place);
        foreach (var entry in file.Entries.Where(e => e.Key is not Key))
            rest.Add(entry);
        return rest;
    }
}
