using System.Globalization;
using System.Reflection;
using OpticalQAT.Units;

namespace OpticalQAT.Configuration;

/// <summary>
/// Values that are one word, read and written: integers, numbers, text, true and false, enumerations in snake_case,
/// and every type that parses itself, such as the quantities.
/// </summary>
internal static class ScalarText
{
    private static readonly MethodInfo ParseItself =
        typeof(ScalarText).GetMethod(nameof(ParseAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Whether values of that type are one word.</summary>
    public static bool Reads(Type type) => type == typeof(string) || type.IsEnum
        || Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>));

    /// <summary>The value; or null and the problem, as it reads after the key's name.</summary>
    public static object? Read(string text, Type type, out string problem)
    {
        problem = $"must be {ExpectationOf(type)}, but is {Spelling.Quote(text)}";
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return bool.TryParse(text, out var truth) ? truth : null;
        if (type == typeof(long))
            return ReadInteger(text, long.MinValue, long.MaxValue, ref problem);
        if (type == typeof(int))
            return (int?)ReadInteger(text, int.MinValue, int.MaxValue, ref problem);
        if (type == typeof(double))
            return ReadNumber(text, ref problem);
        if (type.IsEnum)
            return ReadChoice(text, type, ref problem);
        try
        {
            return ParseItself.MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [text], null);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            problem = $"is wrong: {e.Message}";
            return null;
        }
    }

    /// <summary>The text that <see cref="Read"/> reads back as an equal value.</summary>
    public static string Write(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        Enum choice => ConfigurationKey.NameOf(choice.ToString()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>A number's size for bounds, a quantity's in SI units; null for what has none.</summary>
    public static double? SizeOf(object value) => value switch
    {
        IQuantity quantity => quantity.SI,
        int or long or double => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The type's name for the user.</summary>
    public static string NameOf(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "integer"
        : type == typeof(double) ? "number"
        : type.IsEnum ? string.Join(" | ", ChoicesOf(type))
        : ConfigurationKey.NameOf(type.Name);

    /// <summary>The expectation, as it reads after "must be ".</summary>
    public static string ExpectationOf(Type type)
    {
        if (type == typeof(string) || type == typeof(bool))
            return NameOf(type);
        if (type.IsEnum)
            return $"one of {Spelling.List(ChoicesOf(type))}";
        var name = NameOf(type);
        return ("aeiou".Contains(name[0], StringComparison.Ordinal) ? "an " : "a ") + name;
    }

    private static IEnumerable<string> ChoicesOf(Type type) => Enum.GetNames(type).Select(ConfigurationKey.NameOf);

    private static long? ReadInteger(string text, long least, long most, ref string problem)
    {
        if (!Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return null;
        if (value >= least && value <= most)
            return (long)value;
        problem = $"must be an integer from {least} to {most}, but is {Spelling.Quote(text)}";
        return null;
    }

    private static double? ReadNumber(string text, ref string problem)
    {
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        if (isNumber && double.IsFinite(value))
            return value;
        // What YAML calls .inf and .nan are numbers too.
        if (isNumber || text.TrimStart('+', '-').ToUpperInvariant() is ".INF" or ".NAN")
            problem = $"must be a finite number, but is {Spelling.Quote(text)}";
        return null;
    }

    private static object? ReadChoice(string text, Type type, ref string problem)
    {
        var name = Array.Find(Enum.GetNames(type), n => string.Equals(ConfigurationKey.NameOf(n), text, StringComparison.Ordinal));
        if (name is not null)
            return Enum.Parse(type, name);
        if (Spelling.Nearest(text, ChoicesOf(type)) is { } nearest)
            problem += $"; did you mean '{nearest}'?";
        return null;
    }

    private static object ParseAs<T>(string text) where T : IParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);
}
