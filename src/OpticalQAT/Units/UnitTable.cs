using System.Globalization;
using System.Text.RegularExpressions;

namespace OpticalQAT.Units;

/// <summary>A unit: value in SI = number · 10^Exponent · Factor.</summary>
/// <param name="Symbol">As it is written behind the number.</param>
/// <param name="Exponent">The power of ten.</param>
/// <param name="Factor">What is no power of ten; 1 for most.</param>
/// <param name="IsSpelling">Whether this is another spelling of a unit that is listed already.</param>
internal sealed record Unit(string Symbol, int Exponent, double Factor = 1, bool IsSpelling = false);

/// <summary>The units of one dimension, and how a number with a unit is read and written.</summary>
/// <param name="noun">The quantity with its article, for messages: <c>a length</c>.</param>
/// <param name="example">The unit that messages propose.</param>
/// <param name="units">All that can be read.</param>
/// <param name="readings">What a number without a unit may mean, from the value and its text: <c>'2 mm' if it is in millimetres</c>; null, or an empty answer, for the example alone.</param>
internal sealed partial class UnitTable(string noun, string example, Unit[] units, Func<double, string, string>? readings = null)
{
    /// <summary>A regular expression for the texts that can be read: a number, and behind it one of the units.</summary>
    public string Pattern =>
        $@"^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*({string.Join('|', units.Select(u => u.Symbol))})\s*$";

    /// <summary>Reads <c>number unit</c>. The problem, where there is one, is a sentence for the user.</summary>
    public bool TryParse(string? text, out double value, out string problem)
    {
        value = 0;
        var trimmed = (text ?? string.Empty).Trim();
        var match = Form().Match(trimmed);
        if (!match.Success)
        {
            problem = $"'{trimmed}' is not {noun}; write a number and a unit, for example '0.75 {example}'";
            return false;
        }

        string number = match.Groups["number"].Value, symbol = match.Groups["unit"].Value;
        var unit = Array.Find(units, u => string.Equals(u.Symbol, symbol, StringComparison.Ordinal));
        problem = symbol.Length == 0 ? $"{noun} needs its unit{Readings(number)}"
            : unit is null ? $"'{symbol}' is not a unit of {noun}; the units are {Listed()}{(Frequency.HasUnit(symbol) ? ", and a frequency stands only in place of a wavelength" : string.Empty)}"
            : string.Empty;
        if (unit is null)
            return false;

        // Shifting the decimal exponent, unlike a multiplication, rounds once: "0.75 mm" is the literal 0.00075.
        value = ParseShifted(match, unit.Exponent) * unit.Factor;
        if (!double.IsFinite(value))
            problem = $"'{trimmed}' is too large for {noun}";
        return problem.Length == 0;
    }

    /// <summary>The number in that unit (which has no factor), without loss: its digits are the double's own.</summary>
    public string Format(double value, string symbol)
    {
        var exponent = Array.Find(units, u => string.Equals(u.Symbol, symbol, StringComparison.Ordinal))!.Exponent;
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (!double.IsFinite(value) || exponent == 0)
            return $"{text} {symbol}";

        var match = Form().Match(text);
        var sign = text[0] == '-' ? "-" : string.Empty;
        string whole = match.Groups["whole"].Value, fraction = match.Groups["fraction"].Value;
        var point = whole.Length + ExponentOf(match) - exponent;
        return $"{sign}{PlacePoint(whole + fraction, point)} {symbol}";
    }

    // Digits with a decimal point before the digit at that index, which may lie outside: "75", -1 gives 0.075.
    private static string PlacePoint(string digits, int point)
    {
        if (point <= 0)
            (digits, point) = (new string('0', 1 - point) + digits, 1);
        if (point > digits.Length)
            digits = digits.PadRight(point, '0');
        string whole = digits[..point].TrimStart('0'), fraction = digits[point..].TrimEnd('0');
        return (whole.Length == 0 ? "0" : whole) + (fraction.Length == 0 ? string.Empty : "." + fraction);
    }

    private static double ParseShifted(Match match, int exponent)
    {
        var written = match.Groups["exponent"];
        var mantissa = match.Groups["number"].Value[..^(written.Success ? written.Length + 1 : 0)];
        return double.Parse($"{mantissa}e{ExponentOf(match) + exponent}", CultureInfo.InvariantCulture);
    }

    // An exponent of more than four digits is zero or infinity all the same.
    private static int ExponentOf(Match match)
    {
        var written = match.Groups["exponent"];
        if (!written.Success)
            return 0;
        return int.TryParse(written.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            ? Math.Clamp(exponent, -9999, 9999)
            : written.Value[0] == '-' ? -9999 : 9999;
    }

    // A number that is far from all examples would be led a thousand times astray by one of them.
    private string Readings(string number) =>
        readings?.Invoke(double.Parse(number, CultureInfo.InvariantCulture), number) is { Length: > 0 } meant ? $": write {meant}" : $", for example '{number} {example}'";

    /// <summary>Whether that is the symbol of one of the units.</summary>
    public bool Has(string symbol) => Array.Exists(units, u => string.Equals(u.Symbol, symbol, StringComparison.Ordinal));

    /// <summary>The units that can be read, for messages.</summary>
    public string Listed() => string.Join(", ", units.Where(u => !u.IsSpelling).Select(u => u.Symbol));

    [GeneratedRegex(
        @"^(?<number>[+-]?(?:(?<whole>[0-9]+)(?:\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?:[eE](?<exponent>[+-]?[0-9]+))?)\s*(?<unit>[^\s0-9.,+-]*)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
