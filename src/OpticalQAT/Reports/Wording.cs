using System.Globalization;
using OpticalQAT.Reports.Drawing;
using OpticalQAT.Units;

namespace OpticalQAT.Reports;

/// <summary>Numbers and names as a reader meets them. Fractions become percent here, and only here.</summary>
internal static class Wording
{
    private const string NoBreakSpace = NumberText.NoBreakSpace;
    private static readonly HashSet<string> Fractions = new(StringComparer.Ordinal) { "accuracy", "hybrid_accuracy", "efficiency", "yield", "diffraction_efficiency" };

    /// <summary>Whether a metric is a share of a whole, which people read in percent.</summary>
    public static bool IsFraction(string metric) => Fractions.Contains(metric);

    /// <summary>Whether a metric counts what is right, so that chance gives it a binomial error.</summary>
    public static bool IsCounted(string metric) => metric is "accuracy" or "hybrid_accuracy";

    /// <summary>A key of the metrics as a word: <c>diffraction_efficiency</c> is "Diffraction efficiency", <c>ssim</c> is "SSIM".</summary>
    public static string NameOf(string metric) => metric switch
    {
        "ssim" or "psnr" or "mse" or "l1" => metric.ToUpperInvariant(),
        "ssim_k1e_6" => "SSIM, K = 1e-6",
        "phase_error" => "Phase error, rad",
        "" => "",
        _ => char.ToUpperInvariant(metric[0]) + metric[1..].Replace('_', ' '),
    };

    /// <summary>The same within a sentence: "accuracy", "SSIM".</summary>
    public static string InSentence(string metric)
    {
        var name = NameOf(metric);
        return name.Skip(1).Any(char.IsUpper) ? name : name.ToLowerInvariant();
    }

    /// <summary>A metric's value: a percentage, decibels, or a plain number with three decimals.</summary>
    public static string Metric(string metric, double? value) => value switch
    {
        null => "–",
        { } v when !double.IsFinite(v) => "not finite",
        { } v when IsFraction(metric) => NumberText.Percent(v),
        { } v when string.Equals(metric, "psnr", StringComparison.Ordinal) => v.ToString("F1", CultureInfo.InvariantCulture) + NoBreakSpace + "dB",
        { } v => NumberText.Plain(v, 3),
    };

    /// <summary>A class' score, two decimals.</summary>
    public static string Score(float score) => float.IsFinite(score) ? score.ToString("0.00", CultureInfo.InvariantCulture) : "not finite";

    /// <summary>A difference of two values of a metric: "1.2 points", or a plain number.</summary>
    public static string Difference(string metric, double value) =>
        IsFraction(metric)
            ? NumberText.Plain(value * 100, 1) + NoBreakSpace + "points"
            : NumberText.Plain(value, 3);

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
        index >= 0 && index < content.ClassNames.Count ? content.ClassNames[index] : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many levels the masks may use: "4 levels", "2 to 16 levels"; null where they are not quantized.</summary>
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
