using System.Globalization;
using OpticalQAT.Reports.Drawing;
using OpticalQAT.Tasks;
using OpticalQAT.Units;

namespace OpticalQAT.Reports;

/// <summary>Numbers and names as a reader meets them. Fractions become percent here, and only here.</summary>
internal static class Wording
{
    private const string NoBreakSpace = NumberText.NoBreakSpace;

    /// <summary>A metric as a row's name, with the unit that its values do not show: "Diffraction efficiency", "SSIM", "Phase error, rad".</summary>
    public static string NameOf(Metric metric) => metric.Unit == MetricUnit.Radians ? metric.Title + ", rad" : metric.Title;

    /// <summary>Its name within a sentence: "accuracy", "SSIM".</summary>
    public static string InSentence(Metric metric) => metric.Title.Skip(1).Any(char.IsUpper) ? metric.Title : metric.Title.ToLowerInvariant();

    /// <summary>A key of a file as words: <c>height_error</c> is "Height error".</summary>
    public static string Spelled(string key) => key.Length == 0 ? key : char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' ');

    /// <summary>A metric's value: a percentage, decibels, or a plain number with three decimals.</summary>
    public static string Value(Metric metric, double? value) => value switch
    {
        null => "–",
        { } v when !double.IsFinite(v) => "not finite",
        { } v => metric.Unit switch
        {
            MetricUnit.Fraction => NumberText.Percent(v),
            MetricUnit.Decibels => v.ToString("F1", CultureInfo.InvariantCulture) + NoBreakSpace + "dB",
            _ => NumberText.Plain(v, 3),
        },
    };

    /// <summary>A class' score, two decimals.</summary>
    public static string Score(float score) => float.IsFinite(score) ? score.ToString("0.00", CultureInfo.InvariantCulture) : "not finite";

    /// <summary>A difference of two values of a metric: "1.2 points", or a number in its unit.</summary>
    public static string Difference(Metric metric, double value) => metric.Unit switch
    {
        MetricUnit.Fraction => NumberText.Plain(value * 100, 1) + NoBreakSpace + "points",
        MetricUnit.Decibels => NumberText.Plain(value, 1) + NoBreakSpace + "dB",
        MetricUnit.Radians => NumberText.Plain(value, 3) + NoBreakSpace + "rad",
        _ => NumberText.Plain(value, 3),
    };

    /// <summary>A length with the unit that suits <paramref name="like"/>, or itself: 0.00075 is "0.75 mm".</summary>
    public static string Length(double metres, double? like = null)
    {
        var (scale, unit) = Math.Abs(like ?? metres) switch
        {
            0 => (1e3, "mm"),
            < 1e-6 => (1e9, "nm"),
            < 1e-4 => (1e6, "µm"),
            < 1 => (1e3, "mm"),
            _ => (1.0, "m"),
        };
        return (metres * scale).ToString("0.###", CultureInfo.InvariantCulture) + NoBreakSpace + unit;
    }

    /// <summary>An axis label with the digits that the axis needs.</summary>
    public static string Tick(double value, int decimals) =>
        decimals > 4 && value != 0 ? value.ToString("0.#E+0", CultureInfo.InvariantCulture) : value.ToString("F" + Math.Min(decimals, 4), CultureInfo.InvariantCulture);

    /// <summary>The same for a fraction, in percent.</summary>
    public static string PercentTick(double value, int decimals) =>
        (value * 100).ToString("F" + Math.Max(0, decimals - 2), CultureInfo.InvariantCulture) + NoBreakSpace + "%";

    /// <summary>The class' name, or its number where it has none.</summary>
    public static string ClassOf(ReportContent content, int index) =>
        index >= 0 && index < content.Illustration.ClassNames.Count ? content.Illustration.ClassNames[index] : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of levels that the masks may use: "4 levels", "2 to 16 levels"; null where they are not quantized.</summary>
    public static string? Levels(ReportContent content)
    {
        var counts = content.Masks.Where(m => m.LevelTable is not null).Select(m => m.LevelTable!.Length).ToArray();
        return counts.Length == 0 ? null
            : counts.Min() == counts.Max() ? $"{counts[0]} levels"
            : $"{counts.Min()} to {counts.Max()} levels";
    }

    /// <summary>A colour as CSS and SVG write it.</summary>
    public static string Hex(Rgb color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";
}
