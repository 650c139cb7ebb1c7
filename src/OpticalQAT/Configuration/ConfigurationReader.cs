using System.Text;

namespace OpticalQAT.Configuration;

/// <summary>
/// Reads a configuration: YAML text, then the overrides, then a record of the asked type with every error that can
/// be found at once. A key is an <c>init</c> property in snake_case; one that is absent keeps the property's default. A record that is written
/// in part keeps the rest of the default that its place gives, if that is of the same kind.
/// </summary>
public static class ConfigurationReader
{
    private const int MostErrors = 100;

    /// <summary>Reads a configuration.</summary>
    /// <param name="text">YAML: one document, a mapping.</param>
    /// <param name="fileName">The name by which errors call it.</param>
    /// <param name="overrides"><c>a.b.c=value</c> with the value in YAML; list elements by their index.</param>
    /// <typeparam name="T">A record, or a family of which the text's <c>kind</c> chooses the record.</typeparam>
    public static ConfigurationResult<T> Read<T>(string text, string fileName, IReadOnlyList<string> overrides)
        where T : class
    {
        List<ConfigurationError> errors = [];
        return Read<T>(ReadTree(text, fileName, errors), overrides, errors);
    }

    /// <summary>Reads a configuration file, in UTF-8, and the files that it is laid over where its record is <see cref="ExtendableAttribute">extendable</see>.</summary>
    /// <param name="path">The file, and the name by which errors call it.</param>
    /// <param name="overrides"><c>a.b.c=value</c> with the value in YAML; list elements by their index.</param>
    /// <typeparam name="T">A record, or a family of which the text's <c>kind</c> chooses the record.</typeparam>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ConfigurationResult<T> ReadFile<T>(string path, IReadOnlyList<string> overrides)
        where T : class => ReadFile<T>(path, overrides, mend: null);

    /// <summary>The same of a file that is mended before anything is laid over it, as one of an earlier version is.</summary>
    internal static ConfigurationResult<T> ReadFile<T>(string path, IReadOnlyList<string> overrides, Action<ConfigurationNode>? mend)
        where T : class
    {
        List<ConfigurationError> errors = [];
        var root = BaseFile.IsTakenBy(typeof(T)) ? BaseFile.ReadAll(path, errors) : BaseFile.ReadOne(path, errors);
        if (root is not null)
            mend?.Invoke(root);
        return Read<T>(root, overrides, errors);
    }

    /// <summary>
    /// Reads a configuration that was written without the paths of its machine. What lies at a path that it leaves open is
    /// null, as long as no override names it; <see cref="OpenPaths"/> finds those. Paths that are written in it all the same are errors.
    /// </summary>
    /// <param name="text">YAML, as <see cref="ConfigurationWriter.Write"/> writes it to be portable.</param>
    /// <param name="fileName">The name by which errors call it.</param>
    /// <param name="overrides"><c>a.b.c=value</c> with the value in YAML; list elements by their index.</param>
    /// <param name="mend">What is done to the text's content before anything is laid over it; null leaves it.</param>
    internal static ConfigurationResult<T> ReadPortable<T>(string text, string fileName, IReadOnlyList<string> overrides, Action<ConfigurationNode>? mend = null)
        where T : class
    {
        List<ConfigurationError> errors = [];
        var root = ReadTree(text, fileName, errors);
        if (root is not null)
            mend?.Invoke(root);
        return Read<T>(root, overrides, errors, isPortable: true);
    }

    /// <summary>Makes a record of what was written.</summary>
    internal static ConfigurationResult<T> Read<T>(ConfigurationNode? root, IReadOnlyList<string> overrides, List<ConfigurationError> damage, bool isPortable = false)
        where T : class
    {
        RecordBinder binder = new(new Catalogue([typeof(T).Assembly, .. KindAssemblies.InUse])) { IsPortable = isPortable, MissingAssemblies = KindAssemblies.MissingOf(root) };
        binder.Errors.AddRange(damage);
        object? value = null;
        if (root is not null)
        {
            if (root is MappingNode mapping)
                Overrides.Apply(mapping, overrides, binder.Errors);
            binder.TryBind(root, ValueShape.OfRoot(typeof(T)), path: string.Empty, standing: null, out value);
        }

        ConfigurationError[] errors =
        [
            .. binder.Errors.OrderBy(e => e.Place.IsOverride).ThenBy(e => !string.Equals(e.Place.Source, root?.Place.Source, StringComparison.Ordinal))
                .ThenBy(e => e.Place.IsOverride ? string.Empty : e.Place.Source, StringComparer.Ordinal).ThenBy(e => e.Place.Line).ThenBy(e => e.Place.Column),
        ];
        return new(errors.Length == 0 ? (T?)value : null, Shown(errors), binder.Notices) { Written = root };
    }

    // Nobody reads thousands of lines: a file that gives as many is no configuration.
    private static ConfigurationError[] Shown(ConfigurationError[] errors) => errors.Length <= MostErrors
        ? errors
        : [.. errors[..MostErrors], new(errors[MostErrors].Place, $"here and below are {errors.Length - MostErrors} more errors")];

    private static ConfigurationNode? ReadTree(string text, string fileName, List<ConfigurationError> errors)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes <= ConfigurationText.MaximumBytes)
            return YamlText.ReadFile(text, fileName, errors);
        errors.Add(ConfigurationText.TooLong(fileName, $"{bytes}"));
        return null;
    }
}
