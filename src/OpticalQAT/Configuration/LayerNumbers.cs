using System.Globalization;
using System.Text.RegularExpressions;

namespace OpticalQAT.Configuration;

/// <summary>
/// Layers named by their number in <c>model.frozen</c> and in levels per layer. They are counted from 1 since version
/// 0.2.0 and were counted from 0 before: what is read of an earlier version is told from what this one writes, and moved.
/// </summary>
internal static partial class LayerNumbers
{
    // Stands in what is written, so that hashes over it are those of another experiment than before.
    private const string Mark = "# Layers are counted from 1.\n";

    /// <summary>The error for a list with a 0 in it.</summary>
    /// <param name="list">The list as it is written: <c>[0, 2]</c>, <c>"0-2"</c>.</param>
    public static string FromZero(string list) =>
        $"{list} has a layer 0, and layers are counted from 1; up to version 0.1.0 they were counted from 0, and what was meant by {list} then is {Moved(list)} now";

    /// <summary>Whether an experiment in YAML names layers by their number.</summary>
    public static bool AreIn(string yaml) => YamlText.ReadFile(yaml, "experiment", []) is { } root && Move(root);

    /// <summary>The text, marked where it names layers by their number.</summary>
    public static string Marked(string yaml) => AreIn(yaml) ? Mark + yaml : yaml;

    /// <summary>Moves the layers' numbers of an experiment that counts from 0; false where it names none.</summary>
    public static bool Move(ConfigurationNode node)
    {
        switch (node)
        {
            case SequenceNode list:
                return list.Items.Aggregate(false, (any, item) => Move(item) | any);
            case MappingNode mapping:
                var any = KindOf(mapping) switch
                {
                    "diffractive_network" when mapping.Find("frozen")?.Value is SequenceNode frozen => MoveAll(frozen.Items),
                    "per_layer" when mapping.Find("layers")?.Value is SequenceNode layers => layers.Items.OfType<MappingNode>().Aggregate(false, (any, entry) => MoveWhich(entry) | any),
                    _ => false,
                };
                return mapping.Entries.Aggregate(any, (any, entry) => Move(entry.Value) | any);
            default:
                return false;
        }
    }

    private static string? KindOf(MappingNode mapping) => (mapping.Find("kind")?.Value as ScalarNode)?.Text;

    private static bool MoveAll(List<ConfigurationNode> layers)
    {
        for (var i = 0; i < layers.Count; i++)
            layers[i] = Moved(layers[i]);
        return layers.Count > 0;
    }

    private static bool MoveWhich(MappingNode entry)
    {
        if (entry.Find("which") is not { } which)
            return false;
        which.Value = Moved(which.Value);
        return true;
    }

    private static ConfigurationNode Moved(ConfigurationNode node) => node is ScalarNode scalar ? new ScalarNode(scalar.Place, Moved(scalar.Text), scalar.IsPlain) : node;

    private static string Moved(string list) => Number().Replace(list, number =>
        int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) && layer < int.MaxValue ? $"{layer + 1}" : number.Value);

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
