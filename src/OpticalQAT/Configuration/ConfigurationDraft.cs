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

    /// <summary>Starts from a file.</summary>
    /// <param name="path">The file, and the name by which errors call it.</param>
    /// <param name="errors">Told what is wrong where the file is no configuration.</param>
    /// <returns>The draft; null where the file cannot be made one.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static ConfigurationDraft? OfFile(string path, List<ConfigurationError> errors)
    {
        int before = errors.Count;
        string? text = ConfigurationText.Read(path, errors);
        ConfigurationNode? root = text is null ? null : YamlText.ReadFile(text, path, errors);
        if (root is MappingNode mapping && errors.Count == before) return new(mapping, []);
        if (errors.Count == before) errors.Add(new(new Place(path, 1, 1), $"a mapping of keys was expected, but this is {root?.Description}"));
        return null;
    }

    /// <summary>Whether a key stands at the top of the draft.</summary>
    internal bool Has(string key) => _root.Find(key) is not null;

    /// <summary>Lays a piece over the draft: what it says counts, what it does not mention stays. A mapping of another kind takes the place of the whole one that stood there.</summary>
    internal ConfigurationDraft With(ConfigurationPiece? piece) => piece is null ? this : new(Merged(_root, piece.Content), _errors);

    /// <summary>Puts a piece at a dotted path, in place of what stands there.</summary>
    internal ConfigurationDraft Put(string path, ConfigurationPiece? piece) => piece is null ? this : Put(path, Copy(piece.Content));

    /// <summary>Puts a value at a dotted path.</summary>
    /// <param name="path">Keys with dots between them.</param>
    /// <param name="yaml">The value.</param>
    /// <param name="place">Where it was written, for errors.</param>
    internal ConfigurationDraft Put(string path, string yaml, Place place)
    {
        List<ConfigurationError> errors = [];
        ConfigurationNode? value = YamlText.ReadValue(yaml, place, errors);
        return value is null ? new(_root, [.. _errors, .. errors]) : Put(path, value);
    }

    /// <summary>Makes a record of the draft, as <see cref="ConfigurationReader"/> does of a file.</summary>
    internal ConfigurationResult<T> Read<T>()
        where T : class => ConfigurationReader.Read<T>((MappingNode)Copy(_root), [], [.. _errors]);

    private ConfigurationDraft Put(string path, ConfigurationNode value)
    {
        List<ConfigurationError> errors = [];
        MappingNode root = (MappingNode)Copy(_root);
        Overrides.Set(root, path.Split('.'), value, errors);
        return new(root, [.. _errors, .. errors]);
    }

    private static MappingNode Merged(MappingNode below, MappingNode above)
    {
        MappingNode merged = new(below.Place, below.IsImplied);
        foreach (MappingEntry entry in below.Entries)
        {
            if (above.Find(entry.Key) is not { } over) merged.Add(Copy(entry));
            else if ((entry.Value, over.Value) is (MappingNode lower, MappingNode upper) && AreOfOneKind(lower, upper)) merged.Add(new(over.Key, over.Place, Merged(lower, upper)));
            else merged.Add(Copy(over));
        }

        foreach (MappingEntry entry in above.Entries.Where(e => below.Find(e.Key) is null)) merged.Add(Copy(entry));
        return merged;
    }

    private static bool AreOfOneKind(MappingNode below, MappingNode above) =>
        above.Find(RecordBinder.KindKey)?.Value is not ScalarNode { Text: var kind }
        || below.Find(RecordBinder.KindKey)?.Value is ScalarNode { Text: var standing } && string.Equals(kind, standing, StringComparison.Ordinal);

    private static MappingEntry Copy(MappingEntry entry) => new(entry.Key, entry.Place, Copy(entry.Value));

    // Scalars and damaged nodes never change; the others are filled by overrides.
    private static ConfigurationNode Copy(ConfigurationNode node)
    {
        if (node is SequenceNode list) return new SequenceNode(list.Place, [.. list.Items.Select(Copy)]);
        if (node is not MappingNode mapping) return node;
        MappingNode copy = new(mapping.Place, mapping.IsImplied) { ReplacedKind = mapping.ReplacedKind };
        foreach (MappingEntry entry in mapping.Entries) copy.Add(Copy(entry));
        return copy;
    }
}
