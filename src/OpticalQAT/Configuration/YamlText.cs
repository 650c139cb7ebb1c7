using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OpticalQAT.Configuration;

/// <summary>
/// YAML text becomes nodes; nothing else here knows the YAML library. It is asked for events, not for its own
/// representation model, which stops at the first duplicate key and follows nesting and aliases without bound.
/// </summary>
internal sealed class YamlText
{
    private const int MaximumDepth = 32;

    private readonly Parser _parser;
    private readonly Func<Mark, Place> _place;
    private readonly List<ConfigurationError> _errors;

    private YamlText(string text, Func<Mark, Place> place, List<ConfigurationError> errors)
    {
        _parser = new Parser(new StringReader(text));
        _place = place;
        _errors = errors;
    }

    /// <summary>Reads a file's text; null when it is no YAML, or empty, and the errors say so.</summary>
    public static ConfigurationNode? ReadFile(string text, string fileName, List<ConfigurationError> errors) =>
        new YamlText(text, m => new Place(fileName, (int)Math.Max(1, m.Line), (int)Math.Max(1, m.Column)), errors).ReadDocument();

    /// <summary>Reads an override's value; null when it is no YAML, and the errors say so.</summary>
    public static ConfigurationNode? ReadValue(string text, Place place, List<ConfigurationError> errors) =>
        text.Trim().Length == 0 ? new ScalarNode(place, string.Empty, isPlain: true) : new YamlText(text, _ => place, errors).ReadDocument();

    private ConfigurationNode? ReadDocument()
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Accept<StreamEnd>(out _))
            {
                Report(_parser.Current!.Start, "the file is empty; a mapping of keys was expected");
                return null;
            }

            _parser.Consume<DocumentStart>();
            ConfigurationNode root = ReadNode(depth: 1);
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out _))
                Report(_parser.Current!.Start, "a second document begins here; a configuration is one document: remove it and its '---'");
            return root;
        }
        catch (TooDeepException e)
        {
            Report(e.Start, $"nested deeper than {MaximumDepth} levels; no configuration needs as many");
        }
        catch (YamlException e)
        {
            bool isTab = e.Message.Contains(" tab ", StringComparison.Ordinal);
            string what = char.ToLowerInvariant(e.Message[0]) + e.Message[1..].TrimEnd('.');
            Report(isTab ? e.End : e.Start, $"this is not valid YAML: {(isTab ? "found a tab" : what)}{RemedyFor(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            // The library's answer to some damaged texts, without a position: the last that was understood is near.
            Report(_parser.Current?.End ?? Mark.Empty, "this is not valid YAML, here or in the lines that follow");
        }

        return null;
    }

    // What most often lies behind the library's messages.
    private static string RemedyFor(string message)
    {
        bool Says(string part) => message.Contains(part, StringComparison.Ordinal);
        return Says(" tab ") ? "; indent with spaces"
            : Says("invalid mapping") || Says("expected key") ? "; align the keys of a mapping, and put a text with ': ' in quotes"
            : Says("expected ','") ? "; close the bracket that was opened"
            : Says("quoted scalar") && Says("end of stream") ? "; close the quotes"
            : Says("escape character") ? "; use single quotes, in which a backslash is a backslash"
            : Says("cannot start") ? "; put the value in quotes"
            : string.Empty;
    }

    private ConfigurationNode ReadNode(int depth)
    {
        if (_parser.Accept<AnchorAlias>(out _))
        {
            AnchorAlias alias = _parser.Consume<AnchorAlias>();
            return Refuse(alias.Start, $"the alias {Spelling.Quote($"*{alias.Value}")} is not supported; write out the value that it stands for");
        }

        // Some damaged texts make the library end a mapping between a key and its value.
        if (_parser.Current is not NodeEvent node) throw new YamlException(_parser.Current!.Start, _parser.Current.End, "A value is missing");
        if (depth > MaximumDepth && node is not Scalar) throw new TooDeepException(node.Start);
        if (!node.Anchor.IsEmpty)
            Report(node.Start, $"the anchor {Spelling.Quote($"&{node.Anchor.Value}")} is not supported; remove it, and write the value out wherever it is needed");
        if (!node.Tag.IsEmpty)
            Report(node.Start, $"the tag {Spelling.Quote(node.Tag.Value)} is not supported; remove it: the key decides what the value is");

        return node switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadSequence(depth),
            _ => ReadScalar(),
        };
    }

    private ScalarNode ReadScalar()
    {
        Scalar scalar = _parser.Consume<Scalar>();
        return new ScalarNode(_place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private SequenceNode ReadSequence(int depth)
    {
        SequenceNode sequence = new(_place(_parser.Consume<SequenceStart>().Start), []);
        while (!_parser.TryConsume<SequenceEnd>(out _)) sequence.Items.Add(ReadNode(depth + 1));
        return sequence;
    }

    private MappingNode ReadMapping(int depth)
    {
        MappingNode mapping = new(_place(_parser.Consume<MappingStart>().Start));
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            Mark mark = _parser.Current!.Start;
            ConfigurationNode key = ReadNode(depth + 1);
            ConfigurationNode value = ReadNode(depth + 1);
            if (key is not ScalarNode { Text: string name })
            {
                if (key is not DamagedNode) Report(mark, $"a key must be one word, but is {key.Description}");
            }
            else if (mapping.Find(name) is { } first)
            {
                Report(mark, $"the key {Spelling.Quote(name)} stands here a second time{(first.Place.IsOverride ? string.Empty : $", after line {first.Place.Line}")}; keep one of them");
            }
            else
            {
                mapping.Add(new(name, key.Place, value));
            }
        }

        return mapping;
    }

    private DamagedNode Refuse(Mark mark, string message)
    {
        Report(mark, message);
        return new DamagedNode(_place(mark));
    }

    private void Report(Mark mark, string message) => _errors.Add(new(_place(mark), message));

    private sealed class TooDeepException(Mark mark) : YamlException(mark, mark, string.Empty);
}
