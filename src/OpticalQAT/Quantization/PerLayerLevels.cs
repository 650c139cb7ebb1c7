using System.Globalization;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Quantization;

/// <summary>Levels that differ from layer to layer, as where one layer is made in another process.</summary>
[Kind("per_layer")]
public sealed record PerLayerLevels : LevelsKind, IChecked
{
    /// <summary>The levels of the layers that are not named; null where all are.</summary>
    public LevelsKind? Default { get; init; }

    /// <summary>Which layers have which levels.</summary>
    public required LayerLevels[] Layers { get; init; }

    /// <inheritdoc/>
    public override LevelsKind Of(int layer) =>
        Layers.FirstOrDefault(entry => entry.Names(layer + 1))?.Levels ?? Default
        ?? throw new ArgumentException($"there are no levels for layer {layer + 1}");

    /// <inheritdoc/>
    public override LevelTable Build(Length oneWave, bool lossless) => throw new InvalidOperationException("levels per layer make no single table; ask for those of a layer");

    /// <inheritdoc/>
    public override string? Misfit(int layers)
    {
        if (Default is null && Enumerable.Range(1, layers).FirstOrDefault(layer => !Layers.Any(entry => entry.Names(layer))) is > 0 and var bare)
            return $"there are no levels for layer {bare}; name it, or give the levels of all that are not named under 'default'";
        var beyond = Layers.FirstOrDefault(entry => !Enumerable.Range(1, layers).Any(entry.Names) || entry.Last > layers);
        return beyond is null ? null : $"'{beyond.Which}' names a layer that there is not: the {layers} layers are 1 to {layers} in layer order";
    }

    /// <inheritdoc/>
    public override LevelsKind Inlined() =>
        this with { Default = Default?.Inlined(), Layers = [.. Layers.Select(entry => entry with { Levels = entry.Levels.Inlined() })] };

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Default is PerLayerLevels || Layers.Any(entry => entry.Levels is PerLayerLevels))
            yield return new Problem("layers", "levels per layer cannot themselves be per layer; name a table for each");
        // Where two ranges meet, one of them begins.
        foreach (var layer in Layers.SelectMany(entry => entry.Firsts).Order())
        {
            var naming = Layers.Where(entry => entry.Names(layer)).ToArray();
            if (naming.Length < 2)
                continue;
            yield return new Problem("layers", $"layer {layer} is named twice, by '{naming[0].Which}' and by '{naming[1].Which}'");
            yield break;
        }
    }
}

/// <summary>The levels of some layers.</summary>
public sealed record LayerLevels : IChecked
{
    /// <summary>The layers, counted from 1 in layer order: "2", "1-3", "3-" for layer 3 and all behind it, "1, 3-4".</summary>
    public required string Which { get; init; }

    /// <summary>Their levels.</summary>
    public required LevelsKind Levels { get; init; }

    /// <summary>The last layer that is named by number; null where all behind one are.</summary>
    internal int? Last => Ranges(Which) is { } ranges && ranges.All(range => range.Last < int.MaxValue) ? ranges.Max(range => range.Last) : null;

    /// <summary>The first layer of each range.</summary>
    internal IEnumerable<int> Firsts => Ranges(Which)!.Select(range => range.First);

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Ranges(Which) is null)
            yield return new Problem("which", $"'{Which}' names no layers; write \"2\", \"1-3\", \"3-\" or \"1, 3-4\", counted from 1");
        else if (Firsts.Contains(0))
            yield return new Problem("which", LayerNumbers.FromZero($"\"{Which}\""));
    }

    /// <summary>Whether a layer, counted from 1, is among them.</summary>
    internal bool Names(int layer) => Ranges(Which)!.Any(range => range.First <= layer && layer <= range.Last);

    private static List<(int First, int Last)>? Ranges(string which)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var part in which.Split(',', StringSplitOptions.TrimEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var (first, last) = dash < 0 ? (part, part) : (part[..dash].Trim(), part[(dash + 1)..].Trim());
            if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from))
                return null;
            var to = int.MaxValue;
            if ((last.Length > 0 || dash < 0) && !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out to))
                return null;
            if (to < from)
                return null;
            ranges.Add((from, to));
        }
        return ranges;
    }
}
