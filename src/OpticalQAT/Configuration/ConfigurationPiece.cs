namespace OpticalQAT.Configuration;

/// <summary>
/// Part of another configuration, written in that one's own keys and kept as it was written. What it means, and whether
/// it is right, is known when a <see cref="ConfigurationDraft"/> puts it in its place; every error then still names
/// the line that it was written on.
/// </summary>
public sealed class ConfigurationPiece
{
    internal ConfigurationPiece(MappingNode content) => Content = content;

    internal MappingNode Content { get; }

    /// <summary>Whether a key is written, given with dots: <c>training.batch_size</c>.</summary>
    public bool Has(string path)
    {
        ConfigurationNode? node = Content;
        foreach (var key in path.Split('.'))
            node = (node as MappingNode)?.Find(key)?.Value;
        return node is not null;
    }
}
