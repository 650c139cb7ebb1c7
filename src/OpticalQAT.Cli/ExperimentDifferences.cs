using OpticalQAT.Configuration;

namespace OpticalQAT.Cli;

/// <summary>Finds what two configurations choose differently.</summary>
internal static class ExperimentDifferences
{
    /// <summary>A line for each key whose value differs: <c>training.batch_size is 32 in the run, 64 here</c>.</summary>
    public static IEnumerable<string> Between(Experiment run, Experiment given) => BetweenRecords(run, given, string.Empty);

    private static IEnumerable<string> BetweenRecords(object run, object given, string prefix) =>
        RecordShape.Of(run.GetType()).Keys.Where(key => !(prefix.Length == 0 && string.Equals(key.Name, KindAssemblies.Key, StringComparison.Ordinal))).SelectMany(key =>
        {
            var (before, now) = (key.Property.GetValue(run), key.Property.GetValue(given));
            var path = prefix + key.Name;
            return key.Shape.Form is ValueForm.Record or ValueForm.Variant && before is not null && before.GetType() == now?.GetType()
                ? BetweenRecords(before, now, path + ".")
                : BetweenValues(before, now, path);
        });

    private static IEnumerable<string> BetweenValues(object? run, object? given, string path)
    {
        var (before, now) = (ConfigurationWriter.WriteInline(run), ConfigurationWriter.WriteInline(given));
        return string.Equals(before, now, StringComparison.Ordinal) ? [] : [$"{path} is {before} in the run, {now} here"];
    }
}
