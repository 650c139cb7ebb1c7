namespace OpticalQAT.Configuration;

/// <summary>The place at which something was written.</summary>
/// <param name="Source">The file's name as the user gave it, or <c>override 'key=value'</c>.</param>
/// <param name="Line">The line, from 1; 0 where the source is an override.</param>
/// <param name="Column">The column, from 1; 0 where the source is an override.</param>
public readonly record struct Place(string Source, int Line, int Column)
{
    /// <summary>The place of everything that an override says.</summary>
    public static Place OfOverride(string text) => new($"override '{text}'", 0, 0);

    /// <summary>Whether this is an override's place.</summary>
    public bool IsOverride => Line == 0;

    /// <inheritdoc/>
    public override string ToString() => IsOverride ? Source : $"{Source}:{Line}:{Column}";
}

/// <summary>Something that is wrong in a configuration; its text is the line that the user sees.</summary>
/// <param name="Place">Where.</param>
/// <param name="Message">What is wrong, what was expected, what would be right.</param>
public sealed record ConfigurationError(Place Place, string Message)
{
    /// <summary><c>FILE:LINE:COLUMN: message</c></summary>
    public override string ToString() => $"{Place}: {Message}";
}

/// <summary>A configuration that cannot be used; the message has a line for each error.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join('\n', errors))
{
    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}

/// <summary>The result of reading a configuration: a value, or at least one error.</summary>
/// <param name="Value">The configuration; null when there are errors.</param>
/// <param name="Errors">All errors: the file's by position, then those of the overrides.</param>
/// <param name="Notices">What was done that the user may not expect, such as keys that a change of kind dropped.</param>
public sealed record ConfigurationResult<T>(T? Value, IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<string> Notices)
    where T : class
{
    /// <summary>The node that the configuration was made of; null where there was none.</summary>
    internal ConfigurationNode? Written { get; init; }

    /// <summary>The place at which a value was written; the nearest one above it where it was not.</summary>
    /// <param name="path">Keys, and indices into lists, with dots between them.</param>
    public Place PlaceOf(string path)
    {
        var node = Written;
        var place = node?.Place ?? default;
        foreach (var key in path.Split('.'))
        {
            node = node switch
            {
                MappingNode mapping => mapping.Find(key)?.Value,
                SequenceNode list when int.TryParse(key, out var index) && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            if (node is null)
                break;
            place = node.Place;
        }

        return place;
    }

    /// <summary>The value.</summary>
    /// <exception cref="ConfigurationException">There are errors.</exception>
    public T ValueOrThrow() => Value ?? throw new ConfigurationException(Errors);
}
