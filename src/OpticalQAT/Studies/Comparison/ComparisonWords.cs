using OpticalQAT.Reports;
using OpticalQAT.Tasks;
using OpticalQAT.Units;

namespace OpticalQAT.Studies.Comparison;

/// <summary>The numbers of a comparison as text: fractions in percent, differences in points of it.</summary>
public static class ComparisonWords
{
    private const string Minus = "\u2212";
    private const string NoBreakSpace = "\u00A0";

    /// <summary>A row's name, with its gradient domain where the name is that of a kind, or where the domain alone tells rows apart.</summary>
    public static string NameOf(ComparisonResult result, ComparedRow row)
    {
        if (row.Gradient is not { } domain)
            return row.Name;
        var isOfKind = row.Name.StartsWith(row.Quantizer!.Replace('_', ' '), StringComparison.Ordinal);
        var isShared = result.Rows.Any(other => string.Equals(other.Name, row.Name, StringComparison.Ordinal) && !string.Equals(other.Gradient, domain, StringComparison.Ordinal));
        return isOfKind || isShared ? $"{row.Name}, by {domain}" : row.Name;
    }

    /// <summary>The mean and half its interval: "94.3 ± 0.4"; a dash where there is none.</summary>
    public static string Mean(ComparisonResult result, ComparedRow row) => Score(result, row.Mean) + PlusMinus(result, row.MeanInterval);

    /// <summary>The mean difference and half its interval: "−3.2 ± 0.3"; a dash where there is none.</summary>
    public static string Difference(ComparisonResult result, ComparedRow row) => Signed(result, row.Difference) + PlusMinus(result, row.DifferenceInterval);

    /// <summary>A score without its unit.</summary>
    public static string Score(ComparisonResult result, double? value) => value is { } score ? Number(result, score) : "–";

    /// <summary>A difference with its sign, without its unit.</summary>
    public static string Signed(ComparisonResult result, double? value) => value switch
    {
        null => "–",
        < 0 => Minus + Number(result, -value.Value),
        _ => "+" + Number(result, value.Value),
    };

    /// <summary>The name and unit of the numbers: "accuracy in %", "SSIM".</summary>
    public static string Unit(ComparisonResult result) => Wording.InSentence(result.Score) + result.Score.Unit switch
    {
        MetricUnit.Fraction => " in %",
        MetricUnit.Decibels => " in dB",
        MetricUnit.Radians => " in rad",
        _ => string.Empty,
    };

    /// <summary>A number in the unit of the scores.</summary>
    internal static string Number(ComparisonResult result, double value) => result.Score.IsFraction
        ? NumberText.Plain(100 * value, 2)
        : NumberText.Plain(value, 4);

    private static string PlusMinus(ComparisonResult result, Interval? interval) =>
        interval is { } known ? $"{NoBreakSpace}±{NoBreakSpace}{Number(result, known.HalfWidth)}" : string.Empty;
}
