using NUnit.Framework;
using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Configuration;

/// <summary>Numbers of layers in what an earlier version wrote: found, moved by one, and marked.</summary>
public class LayerNumbersTests
{
    [Test]
    public void Layers_are_moved_wherever_they_are_named()
    {
        const string Yaml = "- model: { kind: diffractive_network, frozen: [0, 2147483647, 9] }\n- other: 1\n- { kind: per_layer, layers: [{ which: 0-1 }, { with: 0 }, { which: '2-' }] }\n- { kind: else, frozen: [0], layers: [{ which: 0 }] }\n";
        var root = (SequenceNode)YamlText.ReadFile(Yaml, "t", [])!;
        Assert.That(LayerNumbers.Move(root), Is.True);
        string[] Texts(params string[] path)
        {
            ConfigurationNode node = root;
            foreach (var key in path)
                node = node is SequenceNode list ? list.Items[int.Parse(key)] : ((MappingNode)node).Find(key)!.Value;
            return node is SequenceNode texts ? [.. texts.Items.Select(item => ((ScalarNode)item).Text)] : [((ScalarNode)node).Text];
        }

        Assert.That(Texts("0", "model", "frozen"), Is.EqualTo((string[])["1", "2147483647", "10"]), "the last number stays within what a number can be");
        Assert.That((Texts("2", "layers", "0", "which"), Texts("2", "layers", "2", "which")), Is.EqualTo(((string[])["1-2"], (string[])["3-"])));
        Assert.That((Texts("3", "frozen"), Texts("3", "layers", "0", "which")), Is.EqualTo(((string[])["0"], (string[])["0"])), "not of these kinds");
    }

    [TestCase("model: { kind: diffractive_network, frozen: [0] }\nother: 1\n", true)]
    [TestCase("other: 1\nmodel: { kind: diffractive_network, frozen: [0] }\n", true)]
    [TestCase("list: [{ kind: per_layer, layers: [{ which: 0 }] }, 1]\n", true)]
    [TestCase("model: { kind: diffractive_network, frozen: [] }\n", false)]
    [TestCase("model: { kind: per_layer, layers: [{ with: 0 }] }\n", false)]
    public void A_text_is_marked_where_it_names_layers(string yaml, bool isMarked)
    {
        Assert.That(LayerNumbers.AreIn(yaml), Is.EqualTo(isMarked));
        Assert.That(LayerNumbers.Marked(yaml), Is.EqualTo(isMarked ? "# Layers are counted from 1.\n" + yaml : yaml));
    }
}
