namespace OpticalQAT.Configuration;

/// <summary>
/// A configuration that is put together from several places before it is read: a file, pieces laid over it, single
/// values. A draft never changes; each step gives a new one, so that many configurations can branch from one.
/// </summary>
public sealed class ConfigurationDraft
{
    private readonly MappingNode _root;
    private readonly ConfigurationError[] _errors;

    private ConfigurationDraft(MappingNode root, ConfigurationError[] errors) => (_root, _errors) = (root, errors);

    /// <summary>Starts from nothing.</summary>
    /// <param name="place">The name by which errors call what is missing.</param>
    internal static ConfigurationDraft Empty(Place place) => new(new MappingNode(place, isImplied: true), []);

    /// <summary>Starts from a file as it stands.</summary>
    /// <param name="path">The file, and the name by which errors call it.</param>
    /// <param name="errors">Told what is wrong where the file is no configuration.</param>
    /// <returns>The draft; null where the file cannot be made one.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static ConfigurationDraft? OfFile(string path, List<ConfigurationError> errors) => Of(path, BaseFile.ReadOne, errors);

    /// <summary>Starts from a file laid over the one that its key <c>base</c> names, and so on.</summary>
    /// <inheritdoc cref="OfFile"/>
    internal static ConfigurationDraft? OfFiles(string path, List<ConfigurationError> errors) => Of(path, BaseFile.ReadAll, errors);

    private static ConfigurationDraft? Of(string path, Func<string, List<ConfigurationError>, ConfigurationNode?> read, List<ConfigurationError> errors)
    {
        var before = errors.Count;
        var root = read(path, errors);
        if (root is MappingNode mapping && errors.Count == before)
            return new(mapping, []);
        if (errors.Count == before)
            errors.Add(new(new Place(path, 1, 1), $"a mapping of keys was expected, but this is {root?.Description}"));
        return null;
    }

    /// <summary>Whether a key stands at the top of the draft.</summary>
    internal bool Has(string key) => _root.Find(key) is not null;

    /// <summary>Lays a piece over the draft: what it says counts, what it does not mention stays. A mapping of another kind takes the place of the whole one that stood there.</summary>
    internal ConfigurationDraft With(ConfigurationPiece? piece) => piece is null ? this : new(piece.Content.Over(_root), _errors);

    /// <summary>Puts a piece at a dotted path, in place of what stands there.</summary>
    internal ConfigurationDraft Put(string path, ConfigurationPiece? piece) => piece is null ? this : Put(path, piece.Content.Copy());

    /// <summary>Puts a value at a dotted path, in place of what stands there.</summary>
    /// <param name="path">Keys with dots between them.</param>
    /// <param name="value">A record, a scalar, or null; a record was checked when it was read.</param>
    /// <param name="place">Where it was written, for errors.</param>
    internal ConfigurationDraft Put(string path, object? value, Place place) => Put(path, value switch
    {
        null => new ScalarNode(place, "null", isPlain: true),
        _ when ScalarText.Reads(value.GetType()) => new ScalarNode(place, ScalarText.Write(value), isPlain: value is not string),
        _ => new RecordNode(place, value),
    });

    /// <summary>Makes a record of the draft, as <see cref="ConfigurationReader"/> does of a file.</summary>
    /// <param name="overrides"><c>a.b.c=value</c> with the value in YAML, laid over the draft.</param>
    internal ConfigurationResult<T> Read<T>(params IReadOnlyList<string> overrides)
        where T : class => ConfigurationReader.Read<T>((MappingNode)_root.Copy(), overrides, [.. _errors]);

    private ConfigurationDraft Put(string path, ConfigurationNode value)
    {
        List<ConfigurationError> errors = [];
        var root = (MappingNode)_root.Copy();
        Overrides.Set(root, path.Split('.'), value, errors);
        return new(root, [.. _errors, .. errors]);
    }
}
