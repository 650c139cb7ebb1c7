using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OpticalQAT.Configuration;

/// <summary>
/// YAML text becomes nodes; nothing else here knows the YAML library. It is asked for events, not for its own
/// representation model, which stops at the first duplicate key and follows nesting and aliases without bound. An alias becomes a copy of what it stands for.
/// </summary>
internal sealed class YamlText
{
    private const int MaximumDepth = 32;

    private const int MostUnfolded = 100_000;
    private const string MergeKey = "<<";

    private readonly Parser _parser;
    private readonly Func<Mark, Place> _place;
    private readonly Func<YamlException?, (int Line, int Column, string Message)?> _diagnose;
    private readonly List<ConfigurationError> _errors;
    private readonly Dictionary<string, ConfigurationNode?> _anchors = new(StringComparer.Ordinal); // null while the value is being read
    private int _unfolded;

    private YamlText(string text, Func<Mark, Place> place, Func<YamlException?, (int Line, int Column, string Message)?> diagnose, List<ConfigurationError> errors)
    {
        _parser = new Parser(new StringReader(text));
        _place = place;
        _diagnose = diagnose;
        _errors = errors;
    }

    /// <summary>Reads a file's text; null when it is no YAML, or empty, and the errors say so.</summary>
    public static ConfigurationNode? ReadFile(string text, string fileName, List<ConfigurationError> errors) => new YamlText(
        text, m => new Place(fileName, (int)Math.Max(1, m.Line), (int)Math.Max(1, m.Column)), e => new YamlDiagnosis(text, e).Find(), errors).ReadDocument();

    /// <summary>Reads an override's value; null when it is no YAML, and the errors say so.</summary>
    public static ConfigurationNode? ReadValue(string text, Place place, List<ConfigurationError> errors) =>
        text.Trim().Length == 0 ? new ScalarNode(place, string.Empty, isPlain: true) : new YamlText(text, _ => place, _ => null, errors).ReadDocument();

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
            var root = ReadNode(depth: 1);
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out _))
                Report(_parser.Current!.Start, "a second document begins here; a configuration is one document: remove it and its '---'");
            return root;
        }
        catch (UnfoldedException e)
        {
            Report(e.Start, $"up to here the aliases stand for more than {MostUnfolded} values; no configuration needs as many");
        }
        catch (TooDeepException e)
        {
            Report(e.Start, $"nested deeper than {MaximumDepth} levels; no configuration needs as many");
        }
        catch (YamlException e)
        {
            Refuse(e.Start, e, $"{char.ToLowerInvariant(e.Message[0])}{e.Message[1..].TrimEnd('.')}{RemedyFor(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            // The library's answer to some damaged texts, without a position: the last that was understood is near.
            Refuse(_parser.Current?.End ?? Mark.Empty, null, "here or in the lines that follow; entries between brackets are divided by commas");
        }

        return null;
    }

    /// <summary>Reports what most likely is wrong with the text; what the library makes of it where nothing is likely.</summary>
    private void Refuse(Mark mark, YamlException? exception, string otherwise)
    {
        if (_diagnose(exception) is { Line: var line, Column: var column, Message: var message })
            Report(new Mark(0, line, column), message);
        else
            Report(mark, $"this is not valid YAML: {otherwise}");
    }

    // What most often lies behind the library's messages.
    private static string RemedyFor(string message)
    {
        bool Says(string part) => message.Contains(part, StringComparison.Ordinal);
        return Says(" tab ") ? "; indent with spaces"
            : Says("invalid mapping") || Says("expected key") ? "; align the keys of a mapping, and put a text with ': ' in quotes"
            : Says("expected ','") ? "; put a comma between the entries, close the bracket that was opened, and put a text with ': ' in quotes"
            : Says("quoted scalar") && Says("end of stream") ? "; close the quotes"
            : Says("escape character") || Says("hexadecimal") ? "; use single quotes, in which a backslash is a backslash"
            : Says("cannot start") || Says("anchor or alias") ? "; put the value in quotes"
            : Says("node content") ? "; a value is missing here, or there is a comma too many"
            : string.Empty;
    }

    private ConfigurationNode ReadNode(int depth)
    {
        if (_parser.Accept<AnchorAlias>(out _))
            return ReadAlias(_parser.Consume<AnchorAlias>(), depth);
        // Some damaged texts make the library end a mapping between a key and its value.
        if (_parser.Current is not NodeEvent node)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "A value is missing");
        if (depth > MaximumDepth && node is not Scalar)
            throw new TooDeepException(node.Start);
        if (!node.Tag.IsEmpty)
            Report(node.Start, $"the tag {Spelling.Quote(node.Tag.Value)} is not supported; remove it: the key decides what the value is");

        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        if (anchor is not null)
            _anchors[anchor] = null;
        ConfigurationNode read = node switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadSequence(depth),
            _ => ReadScalar(),
        };
        if (anchor is not null)
            _anchors[anchor] = read;
        return read;
    }

    /// <summary>The node that an alias stands for, with the places at which that was written.</summary>
    private ConfigurationNode ReadAlias(AnchorAlias alias, int depth)
    {
        (var mark, var name) = (alias.Start, alias.Value.Value);
        if (!_anchors.TryGetValue(name, out var meant))
        {
            var remedy = Spelling.Nearest(name, _anchors.Keys) is { } nearest ? $"did you mean '*{nearest}'?" : $"write '&{name}' in front of the value that it stands for, or put the text in quotes";
            return Refuse(mark, $"the alias {Spelling.Quote($"*{name}")} has no anchor above it; {remedy}");
        }

        if (meant is null)
            return Refuse(mark, $"the alias {Spelling.Quote($"*{name}")} stands inside the value that it stands for; write out what is meant here");
        _unfolded += meant.Count;
        if (_unfolded > MostUnfolded)
            throw new UnfoldedException(mark);
        return depth + meant.Depth - 1 <= MaximumDepth ? meant.Copy() : throw new TooDeepException(mark);
    }

    private ScalarNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new ScalarNode(_place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private SequenceNode ReadSequence(int depth)
    {
        SequenceNode sequence = new(_place(_parser.Consume<SequenceStart>().Start), []);
        while (!_parser.TryConsume<SequenceEnd>(out _))
            sequence.Items.Add(ReadNode(depth + 1));
        return sequence;
    }

    private MappingNode ReadMapping(int depth)
    {
        MappingNode mapping = new(_place(_parser.Consume<MappingStart>().Start));
        ConfigurationNode? merged = null;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var mark = _parser.Current!.Start;
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode { Text: string name, IsPlain: bool isPlain })
            {
                if (key is not DamagedNode)
                    Report(mark, $"a key must be one word, but is {key.Description}");
            }
            else if (isPlain && name is MergeKey && merged is null)
            {
                merged = value;
            }
            else if (mapping.Find(name) is { } first)
            {
                Report(mark, $"the key {Spelling.Quote(name)} stands here a second time{(first.Place.IsOverride ? string.Empty : $", after line {first.Place.Line}")}; keep one of them");
            }
            else if (isPlain && name is MergeKey)
            {
                Report(mark, "the key '<<' stands here a second time; write one with a list: '<<: [*a, *b]'");
            }
            else
            {
                mapping.Add(new(name, key.Place, value));
            }
        }

        if (merged is not null)
            Merge(mapping, merged);
        return mapping;
    }

    /// <summary>Adds the keys of other mappings that are not written here; of several the first that has a key gives it.</summary>
    private void Merge(MappingNode mapping, ConfigurationNode merged)
    {
        foreach (var source in merged is SequenceNode list ? list.Items : [merged])
        {
            if (source is MappingNode { Entries: var entries })
            {
                foreach (var entry in entries.Where(e => mapping.Find(e.Key) is null))
                    mapping.Add(entry);
            }
            else if (source is not DamagedNode)
            {
                _errors.Add(new(source.Place, $"'<<' takes the alias of a mapping, or a list of such, but this is {source.Description}; for example '<<: *other'"));
            }
        }
    }

    private DamagedNode Refuse(Mark mark, string message)
    {
        Report(mark, message);
        return new DamagedNode(_place(mark));
    }

    private void Report(Mark mark, string message) => _errors.Add(new(_place(mark), message));

    private sealed class UnfoldedException(Mark mark) : YamlException(mark, mark, string.Empty);

    private sealed class TooDeepException(Mark mark) : YamlException(mark, mark, string.Empty);
}
