namespace OpticalQAT.Configuration;

/// <summary>A piece of a configuration as it was written, before it is given types; every piece knows its place.</summary>
internal abstract class ConfigurationNode(Place place)
{
    public Place Place { get; } = place;

    /// <summary>The description of the node, as it reads after "but is ".</summary>
    public abstract string Description { get; }

    /// <summary>Whether nothing, <c>null</c> or <c>~</c> was written.</summary>
    public virtual bool IsNull => false;

    /// <summary>The number of pieces with all below it.</summary>
    public virtual int Count => 1;

    /// <summary>The number of levels, its own included.</summary>
    public virtual int Depth => 1;

    /// <summary>A copy that overrides can fill without touching this one; what never changes is its own copy.</summary>
    public virtual ConfigurationNode Copy() => this;
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
    public bool IsPlain { get; } = isPlain;
    public override string Description => IsNull ? (Text.Length == 0 ? "empty" : "null") : Spelling.Quote(Text);
    public override bool IsNull => IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A record that is there already, bound and checked, in place of words that would make it.</summary>
internal sealed class RecordNode(Place place, object value) : ConfigurationNode(place)
{
    public object Value { get; } = value;
    public override string Description => "a record";
}

/// <summary>A list.</summary>
internal sealed class SequenceNode(Place place, List<ConfigurationNode> items) : ConfigurationNode(place)
{
    public List<ConfigurationNode> Items { get; } = items;
    public override string Description => "a list";
    public override int Count => 1 + Items.Sum(item => item.Count);
    public override int Depth => 1 + Items.Select(item => item.Depth).DefaultIfEmpty().Max();
    public override ConfigurationNode Copy() => new SequenceNode(Place, [.. Items.Select(item => item.Copy())]);
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
    public override int Count => 1 + _entries.Sum(entry => entry.Value.Count);
    public override int Depth => 1 + _entries.Select(entry => entry.Value.Depth).DefaultIfEmpty().Max();

    /// <summary>The kind that stood in the file before an override named another.</summary>
    public string? ReplacedKind { get; set; }

    public MappingEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    public void Add(MappingEntry entry)
    {
        _byKey.Add(entry.Key, entry);
        _entries.Add(entry);
    }

    public override ConfigurationNode Copy()
    {
        MappingNode copy = new(Place, IsImplied) { ReplacedKind = ReplacedKind };
        foreach (var entry in _entries)
            copy.Add(entry.Copy());
        return copy;
    }

    /// <summary>This mapping over another: what it says counts, what it does not mention stays. One of another kind takes the place of the whole one that stood there.</summary>
    public MappingNode Over(MappingNode below)
    {
        MappingNode merged = new(below.Place, below.IsImplied);
        foreach (var entry in below.Entries)
        {
            if (Find(entry.Key) is not { } over)
                merged.Add(entry.Copy());
            else if ((entry.Value, over.Value) is (MappingNode lower, MappingNode upper) && upper.IsOfTheKindOf(lower))
                merged.Add(new(over.Key, over.Place, upper.Over(lower)));
            else
                merged.Add(over.Copy());
        }

        foreach (var entry in _entries.Where(e => below.Find(e.Key) is null))
            merged.Add(entry.Copy());
        return merged;
    }

    private bool IsOfTheKindOf(MappingNode below) =>
        Find(RecordBinder.KindKey)?.Value is not ScalarNode { Text: var kind }
        || below.Find(RecordBinder.KindKey)?.Value is ScalarNode { Text: var standing } && string.Equals(kind, standing, StringComparison.Ordinal);
}

/// <summary>A key and its value; an override replaces the value.</summary>
internal sealed class MappingEntry(string key, Place keyPlace, ConfigurationNode value)
{
    public string Key { get; } = key;
    public ConfigurationNode Value { get; set; } = value;

    /// <summary>The place of the key; the override's place where one gave the value.</summary>
    public Place Place => Value.Place.IsOverride ? Value.Place : keyPlace;

    public MappingEntry Copy() => new(Key, keyPlace, Value.Copy());
}
