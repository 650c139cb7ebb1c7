using OpticalQAT.Units;

namespace OpticalQAT.Reports;

/// <summary>Every mask as a height map with a scale bar, a colour bar and the histogram of its levels.</summary>
internal static class MasksSection
{
    public static HtmlText Render(ReportContent content)
    {
        if (content.Masks.Count == 0)
            return HtmlText.Empty;
        var wraps = content.Masks.Any(m => m.WrapHeight is not null)
            ? "Colours close to a circle: a height of one whole wave looks like none at all." : "Dark is low, light is high.";
        return HtmlText.Of($"""
            <section id="masks" aria-labelledby="masks-title"><h2 id="masks-title">Masks</h2>
            <p class="lead">Heights in the order in which the light meets them. {wraps} Bars count the pixels at each {(Wording.Levels(content) is null ? "height" : "level")}.</p>
            <div class="grid masks">{HtmlText.Join(content.Masks.Select(Mask))}</div></section>
            """);
    }

    private static HtmlText Mask(ReportMask mask)
    {
        var (rows, columns) = (mask.Heights.GetLength(0), mask.Heights.GetLength(1));
        var map = new HeightMap(mask);
        var size = $"{columns} × {rows} pixels of {Wording.Length(mask.PixelPitch)}";
        var image = HtmlText.Image(HeightMap.ToPng(mask), $"Height map of {mask.Name}, {size}", columns, rows);
        return HtmlText.Of($"""
            <figure class="mask"><figcaption><b>{mask.Name}</b> <span>{size}</span></figcaption>
            <div class="map">{image}</div>
            {ScaleBar(mask, columns)}
            {Histogram(mask, map)}</figure>
            """);
    }

    // A round length near a quarter of the mask's width, drawn under the map at the map's scale.
    private static HtmlText ScaleBar(ReportMask mask, int columns)
    {
        var width = columns * mask.PixelPitch;
        var power = Math.Pow(10, Math.Floor(Math.Log10(width / 3)));
        var length = power * ((width / 3 / power) switch { >= 5 => 5, >= 2 => 2, _ => 1 });
        return HtmlText.Of($"""
            <div class="scalebar" role="img" aria-label="Scale bar, {Wording.Length(length)}"><i style="width:{100 * length / width}%"></i><span>{Wording.Length(length)}</span></div>
            """);
    }

    private static HtmlText Histogram(ReportMask mask, HeightMap map)
    {
        const double Width = 256, Height = 66, Base = 50;
        var (centres, counts) = Count(mask, map);
        var (total, most) = (counts.Sum(), Math.Max(1, counts.Max()));
        var pitch = Width / counts.Length;
        var gap = counts.Length <= 32 ? Math.Min(3, pitch / 5) : 0;
        var bars = counts.Select((count, i) =>
        {
            var tall = count * (Base - 4) / most;
            return HtmlText.Of($"""
                <rect x="{(i * pitch) + (gap / 2)}" y="{Base - tall}" width="{pitch - gap}" height="{tall}" fill="{Wording.Hex(map.ColorOf(centres[i]))}"><title>{Wording.Length(centres[i], map.Highest)}: {NumberText.Percent((double)count / total)} of the pixels</title></rect>
                """);
        });
        var levels = mask.LevelTable is null ? "" : $"{counts.Length} levels";
        return HtmlText.Of($"""
            <svg class="histogram" viewBox="0 0 {Width} {Height}" role="img" aria-label="Histogram of {mask.Name}: {Describe(mask, counts, total, map)}">
            {HtmlText.Join(bars)}
            <line class="axis" x1="0" x2="{Width}" y1="{Base}" y2="{Base}"/>
            <text x="0" y="{Height - 2}">{Wording.Length(centres[0], map.Highest)}</text>
            <text x="{Width / 2}" y="{Height - 2}" text-anchor="middle">{levels}</text>
            <text x="{Width}" y="{Height - 2}" text-anchor="end">{Wording.Length(centres[^1], map.Highest)}</text></svg>
            """);
    }

    private static string Describe(ReportMask mask, int[] counts, int total, HeightMap map) => mask.LevelTable is { Length: <= 16 } table
        ? string.Join(", ", counts.Select((c, i) => $"{Wording.Length(table[i], map.Highest)} {NumberText.Percent((double)c / total)}"))
        : $"heights from {Wording.Length(map.Lowest, map.Highest)} to {Wording.Length(map.Highest)}";

    private static (double[] Centres, int[] Counts) Count(ReportMask mask, HeightMap map)
    {
        if (mask.LevelTable is { } table && mask.Levels is { } levels)
        {
            var perLevel = new int[table.Length];
            foreach (var level in levels)
                perLevel[level]++;
            return (table, perLevel);
        }

        const int Bins = 64;
        var counts = new int[Bins];
        var range = Math.Max(map.Highest - map.Lowest, double.Epsilon);
        foreach (var height in mask.Heights)
            counts[(int)Math.Clamp((height - map.Lowest) / range * Bins, 0, Bins - 1)]++;
        return ([.. Enumerable.Range(0, Bins).Select(i => map.Lowest + (range * i / (Bins - 1)))], counts);
    }
}
