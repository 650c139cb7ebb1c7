using System.Globalization;

namespace OpticalQAT.Units;

/// <summary>Numbers as a reader meets them.</summary>
public static class NumberText
{
    /// <summary>A blank that keeps a number and its unit on one line.</summary>
    public const string NoBreakSpace = "\u00A0";

    /// <summary>0.9614 is "96.1 %", 0.0004 is "0.040 %": two digits count at least, so that little never reads as nothing.</summary>
    public static string Percent(double fraction, int decimals = 1) => Plain(fraction * 100, decimals) + NoBreakSpace + "%";

    /// <summary>
    /// A number with so many decimals, and with more where fewer than two of its digits would count: with four decimals 0.9614 is
    /// "0.9614" and 0.00004 "0.000040". What needs more than eight is written with an exponent.
    /// </summary>
    public static string Plain(double value, int decimals)
    {
        const int MostDecimals = 8;
        if (value == 0 || !double.IsFinite(value))
            return value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        // Of the number as it is rounded to two digits: 0.0996 is 0.10.
        var first = (int)Math.Floor(Math.Log10(Math.Abs(double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))));
        var needed = Math.Max(decimals, 1 - first);
        return needed > MostDecimals ? value.ToString("0.0e+0", CultureInfo.InvariantCulture) : value.ToString("F" + needed, CultureInfo.InvariantCulture);
    }

    /// <summary>2583 is "2,583".</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
