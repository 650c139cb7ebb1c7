namespace OpticalQAT.Configuration;

/// <summary>The paths that a portable configuration leaves open, because they are those of one machine.</summary>
internal static class OpenPaths
{
    /// <summary>The dotted keys of required paths that have no value, in a record and in everything below it.</summary>
    /// <param name="record">What was read.</param>
    /// <param name="path">Its own dotted key; empty for the root.</param>
    public static IEnumerable<string> In(object record, string path = "")
    {
        foreach (var key in RecordShape.Of(record.GetType()).Keys)
        {
            var name = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            var value = key.Property.GetValue(record);
            if (value is null && key.IsLocalPath && key.IsRequired)
                yield return name;
            foreach ((var part, var below) in PartsOf(ConfigurationWriter.ContentOf(value), name))
            {
                foreach (var open in In(part, below))
                    yield return open;
            }
        }
    }

    // Lists of records as well as single ones; the elements are counted as overrides count them.
    private static IEnumerable<(object Part, string Path)> PartsOf(object? value, string path) => value switch
    {
        Array many => many.Cast<object?>().Index().SelectMany(item => PartsOf(ConfigurationWriter.ContentOf(item.Item), $"{path}.{item.Index}")),
        null => [],
        _ when RecordShape.IsRecord(value.GetType()) => [(value, path)],
        _ => [],
    };
}
