using OpticalQAT.Configuration;
using OpticalQAT.Quantization;

namespace OpticalQAT.Cli;

/// <summary>A level table from the words of a command: its kind and count by themselves, and everything else by <c>key=value</c>.</summary>
internal static class WrittenLevels
{
    private const string Key = "quantizer.levels";
    private const string Kind = Key + ".kind";

    /// <summary>Whether an override speaks of the level table: <c>quantizer.levels.max=1 mm</c>, or shorter <c>levels.max=1 mm</c>.</summary>
    public static bool IsOf(string text) => text.StartsWith(Key + ".", StringComparison.Ordinal) || IsFor(text, Key) || IsShort(text);

    /// <summary>Reads the table.</summary>
    /// <param name="kind">The kind by its name; null leaves it to the overrides, and to <c>cyclic</c> where they do not say.</param>
    /// <param name="count">The number of levels; null leaves it to the overrides.</param>
    /// <param name="overrides"><c>key=value</c> under quantizer.levels, or all of it.</param>
    /// <exception cref="ConfigurationException">They make no table; the message has a line for each error.</exception>
    public static LevelsKind Read(string? kind, int? count, IReadOnlyList<string> overrides)
    {
        string[] all = [.. overrides.Select(text => IsShort(text) ? "quantizer." + text : text)];
        var isWhole = all.Any(text => IsFor(text, Key));
        if (isWhole && (kind is not null || count is not null))
            throw Wrong(all.First(text => IsFor(text, Key)), "the override gives the whole table, so leave --kind and --levels out; or give single keys, for example levels.max=1 mm");
        if (kind is null && count is null && all.Length == 0)
            throw Wrong(null, "a level table is wanted: --levels N for N levels in one wave, or --kind KIND with its keys, for example --kind measured levels.file=levels.csv");
        var place = new Place(kind is null ? $"--levels {count}" : $"--kind {kind}", 0, 0);
        var draft = ConfigurationDraft.Empty(place).Put("quantizer.kind", "none", place);
        if (kind is not null || !all.Any(text => IsFor(text, Kind)))
            draft = draft.Put(Kind, kind ?? "cyclic", place);
        if (count is { } number)
        {
            if (KeysOf(kind) is { } keys && !keys.Contains("count", StringComparer.Ordinal))
                throw Wrong(null, $"the levels of the kind '{kind}' are not given by their number, so leave --levels out; its keys are {string.Join(", ", keys.Select(key => $"levels.{key}"))}");
            draft = draft.Put(Key + ".count", number, new Place($"--levels {number}", 0, 0));
        }
        return draft.Read<Words>(all).ValueOrThrow().Quantizer.Levels
            ?? throw Wrong(null, "a level table is wanted, and quantizer.levels is null");
    }

    /// <summary>The number of levels of each table, each once, in layer order as far as it is known.</summary>
    public static int[] Counts(LevelsKind levels) => levels is PerLayerLevels each
        ? [.. each.Layers.Select(layer => layer.Levels).Append(each.Default).OfType<LevelsKind>().SelectMany(Counts).Distinct()]
        : [levels.Build(new Units.Length(1), lossless: true).Count];

    private static string[]? KeysOf(string? kind) => kind is not null && Catalogue.OfAssembliesInUse().FamilyOf(typeof(LevelsKind)).Find(kind) is { } found
        ? [.. RecordShape.Of(found.Type).Keys.Select(key => key.Name)]
        : null;

    private static bool IsShort(string text) => text.StartsWith("levels.", StringComparison.Ordinal) || IsFor(text, "levels");

    private static bool IsFor(string text, string key) => string.Equals(text.Split('=')[0].Trim(), key, StringComparison.Ordinal);

    private static ConfigurationException Wrong(string? text, string message) =>
        new([new ConfigurationError(text is null ? new Place("quantize", 0, 0) : Place.OfOverride(text), message)]);

    /// <summary>The part of a configuration that the words make.</summary>
    private sealed record Words
    {
        /// <summary>Holds the levels.</summary>
        public QuantizerKind Quantizer { get; init; } = new NoQuantizer();
    }
}
