using OpticalQAT.Configuration;

namespace OpticalQAT.Cli;

/// <summary>Finds what two configurations choose differently.</summary>
internal static class ExperimentDifferences
{
    /// <summary>A line for each key whose value differs: <c>training.batch_size is 32 in the run, 64 here</c>.</summary>
    public static IEnumerable<string> Between(Experiment run, Experiment given) => Between(run, given, string.Empty);

    private static IEnumerable<string> Between(object? run, object? given, string path)
    {
        if (run is not null && given is not null && run.GetType() == given.GetType() && RecordShape.Of(run.GetType()).Keys is { Count: > 0 } keys && IsRecord(run))
        {
            return keys.SelectMany(key => Between(
                key.Property.GetValue(run), key.Property.GetValue(given), path.Length == 0 ? key.Name : $"{path}.{key.Name}"));
        }
        var (before, now) = (ConfigurationWriter.WriteInline(run), ConfigurationWriter.WriteInline(given));
        return string.Equals(before, now, StringComparison.Ordinal) ? [] : [$"{path} is {before} in the run, {now} here"];
    }

    // Texts and arrays are classes too, but no records of keys.
    private static bool IsRecord(object value) => value is not (string or Array) && value.GetType().IsClass;
}
