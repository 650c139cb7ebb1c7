namespace OpticalQAT.Configuration;

/// <summary>A piece of a configuration as it was written, before it is given types; every piece knows its place.</summary>
internal abstract class ConfigurationNode(Place place)
{
    public Place Place { get; } = place;

    /// <summary>What the node is, as it reads after "but is ".</summary>
    public abstract string Description { get; }

    /// <summary>Whether nothing, <c>null</c> or <c>~</c> was written.</summary>
    public virtual bool IsNull => false;
}

/// <summary>A piece about which an error has been reported already.</summary>
internal sealed class DamagedNode(Place place) : ConfigurationNode(place)
{
    public override string Description => "damaged";
}

/// <summary>A single value.</summary>
/// <param name="place">Where it stands.</param>
/// <param name="text">The value without quotes.</param>
/// <param name="isPlain">Whether it was written without quotes: only then can it be null.</param>
internal sealed class ScalarNode(Place place, string text, bool isPlain) : ConfigurationNode(place)
{
    public string Text { get; } = text;
    public override string Description => IsNull ? (Text.Length == 0 ? "empty" : "null") : Spelling.Quote(Text);
    public override bool IsNull => isPlain && (Text is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed class SequenceNode(Place place, List<ConfigurationNode> items) : ConfigurationNode(place)
{
    public List<ConfigurationNode> Items { get; } = items;
    public override string Description => "a list";
}

/// <summary>Keys and their values, in the order in which they were written.</summary>
/// <param name="place">Where it begins.</param>
/// <param name="isImplied">Whether nobody wrote it: an override that goes below it made it.</param>
internal sealed class MappingNode(Place place, bool isImplied = false) : ConfigurationNode(place)
{
    private readonly Dictionary<string, MappingEntry> _byKey = new(StringComparer.Ordinal);
    private readonly List<MappingEntry> _entries = [];

    public IReadOnlyList<MappingEntry> Entries => _entries;
    public bool IsImplied { get; } = isImplied;
    public override string Description => "a mapping";

    /// <summary>The kind that stood in the file before an override named another.</summary>
    public string? ReplacedKind { get; set; }

    public MappingEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    public void Add(MappingEntry entry)
    {
        _byKey.Add(entry.Key, entry);
        _entries.Add(entry);
    }
}

/// <summary>A key and its value; an override replaces the value.</summary>
internal sealed class MappingEntry(string key, Place keyPlace, ConfigurationNode value)
{
    public string Key { get; } = key;
    public ConfigurationNode Value { get; set; } = value;

    /// <summary>Where the key stands; the override's place where one gave the value.</summary>
    public Place Place => Value.Place.IsOverride ? Value.Place : keyPlace;
}
