using System.Text;

namespace OpticalQAT.Configuration;

/// <summary>
/// Reads a configuration: YAML text, then the overrides, then a record of the asked type with every error that can
/// be found at once. A key is an <c>init</c> property in snake_case; one that is absent keeps the property's default. A record that is written
/// in part keeps the rest of the default that its place gives, if that is of the same kind.
/// </summary>
public static class ConfigurationReader
{
    private const int MaximumBytes = 1 << 20;

    /// <summary>Reads a configuration.</summary>
    /// <param name="text">YAML: one document, a mapping.</param>
    /// <param name="fileName">The name by which errors call it.</param>
    /// <param name="overrides"><c>a.b.c=value</c> with the value in YAML; list elements by their index.</param>
    /// <typeparam name="T">A record, or a family of which the text's <c>kind</c> chooses the record.</typeparam>
    public static ConfigurationResult<T> Read<T>(string text, string fileName, IReadOnlyList<string> overrides)
        where T : class
    {
        RecordBinder binder = new(new Catalogue(typeof(T).Assembly));
        object? value = null;
        if (ReadTree(text, fileName, binder.Errors) is { } root)
        {
            if (root is MappingNode mapping) Overrides.Apply(mapping, overrides, binder.Errors);
            binder.TryBind(root, ValueShape.OfRoot(typeof(T)), path: string.Empty, standing: null, out value);
        }

        ConfigurationError[] errors =
        [
            .. binder.Errors.OrderBy(e => e.Place.IsOverride).ThenBy(e => e.Place.Line).ThenBy(e => e.Place.Column),
        ];
        return new(errors.Length == 0 ? (T?)value : null, errors, binder.Notices);
    }

    private static ConfigurationNode? ReadTree(string text, string fileName, List<ConfigurationError> errors)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes <= MaximumBytes) return YamlText.ReadFile(text, fileName, errors);
        errors.Add(new(new Place(fileName, 1, 1), $"the file has {bytes} bytes, and {MaximumBytes} is the most that is read; is it a configuration?"));
        return null;
    }
}
