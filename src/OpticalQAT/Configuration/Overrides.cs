using System.Globalization;

namespace OpticalQAT.Configuration;

/// <summary>
/// Writes <c>a.b.c=value</c> into a tree of nodes as if it had stood in the file. It knows no types: what no record
/// knows is found when the tree is bound, and reported at the override's place.
/// </summary>
internal static class Overrides
{
    /// <summary>Applies the overrides in their order, so that a later one wins.</summary>
    public static void Apply(MappingNode root, IEnumerable<string> overrides, List<ConfigurationError> errors)
    {
        foreach (var text in overrides)
        {
            var place = Place.OfOverride(text);
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var path = equals < 0 ? [] : text[..equals].Trim().Split('.');
            if (path.Length == 0 || path.Any(string.IsNullOrWhiteSpace))
                errors.Add(new(place, "an override must be written 'key=value', with dots to go deeper: 'a.b=1'"));
            else if (YamlText.ReadValue(text[(equals + 1)..], place, errors) is { } value)
                Set(root, path, value, errors);
        }
    }

    /// <summary>Puts a value at a path, in place of what stands there.</summary>
    public static void Set(MappingNode root, string[] path, ConfigurationNode value, List<ConfigurationError> errors)
    {
        ConfigurationNode node = root;
        for (var depth = 0; depth < path.Length; depth++)
        {
            var last = depth == path.Length - 1 ? value : null;
            var parent = string.Join('.', path[..depth]);
            (var below, var problem) = node switch
            {
                MappingNode mapping => (Enter(mapping, path[depth], last, value.Place), string.Empty),
                SequenceNode sequence => Enter(sequence, path[depth], parent, last, value.Place),
                _ => (null, $"there is no '{path[depth]}' in '{parent}', which is {node.Description}"),
            };
            if (below is null)
            {
                // Inside a damaged piece there is nothing to add to the error that it has already.
                if (node is not DamagedNode)
                    errors.Add(new(value.Place, problem));
                return;
            }

            node = below;
        }
    }

    private static ConfigurationNode Enter(MappingNode mapping, string key, ConfigurationNode? last, Place place)
    {
        var entry = mapping.Find(key);
        if (entry is null)
        {
            entry = new(key, place, last ?? new MappingNode(place, isImplied: true));
            mapping.Add(entry);
            return entry.Value;
        }

        if (last is not null)
        {
            if (key is RecordBinder.KindKey && entry.Value is ScalarNode before)
                mapping.ReplacedKind ??= before.Text;
            entry.Value = last;
        }
        else if (entry.Value.IsNull)
        {
            entry.Value = new MappingNode(place, isImplied: true);
        }

        return entry.Value;
    }

    private static (ConfigurationNode? Below, string Problem) Enter(
        SequenceNode sequence, string key, string parent, ConfigurationNode? last, Place place)
    {
        var count = sequence.Items.Count;
        if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= count)
        {
            var expected = count == 0 ? "it is empty" : $"its elements are '{parent}.0' to '{parent}.{count - 1}'";
            return (null, $"there is no '{key}' in the list '{parent}'; {expected}");
        }

        if (last is not null)
            sequence.Items[index] = last;
        else if (sequence.Items[index].IsNull)
            sequence.Items[index] = new MappingNode(place, isImplied: true);
        return (sequence.Items[index], string.Empty);
    }
}
