using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace OpticalQAT.Configuration;

/// <summary>
/// Writes a configuration with every default as YAML that <see cref="ConfigurationReader"/> reads back as an equal
/// one. The same configuration gives the same bytes: lines end in LF, keys stand in the order of the records.
/// </summary>
public static partial class ConfigurationWriter
{
    /// <summary>Writes a record or variant.</summary>
    /// <param name="configuration">The record.</param>
    /// <param name="portable">Leaves out what is marked <see cref="LocalPathAttribute"/>.</param>
    /// <exception cref="ArgumentException">A number is not finite: it could not be read back.</exception>
    public static string Write(object configuration, bool portable)
    {
        StringBuilder yaml = new();
        var members = MembersOf(configuration, portable);
        if (members.Count == 0)
            return "{}\n";
        WriteMembers(yaml, members, indent: 0, isContinued: false, portable);
        return yaml.ToString();
    }

    /// <summary>Writes one value of any form on one line, for listings: <c>0.75 mm</c>, <c>{ kind: linear, from: 1, to: 0 }</c>.</summary>
    /// <exception cref="ArgumentException">A number is not finite: it could not be read back.</exception>
    public static string WriteInline(object? value)
    {
        var content = ContentOf(value);
        if (IsInline(content))
            return Inline(content);
        if (content is Array array)
            return $"[{string.Join(", ", array.Cast<object?>().Select(WriteInline))}]";
        var members = MembersOf(content!, portable: false);
        return members.Count == 0 ? "{}" : $"{{ {string.Join(", ", members.Select(m => $"{m.Key}: {WriteInline(m.Value)}"))} }}";
    }

    private static List<(string Key, object? Value)> MembersOf(object record, bool portable)
    {
        List<(string Key, object? Value)> members = [];
        if (record is Variant)
        {
            var kind = record.GetType().GetCustomAttribute<KindAttribute>(inherit: false)?.Name
                ?? throw new ArgumentException($"{record.GetType()} has no [Kind]", nameof(record));
            members.Add((RecordBinder.KindKey, kind));
        }

        members.AddRange(RecordShape.Of(record.GetType()).Keys
            .Where(k => !(portable && k.IsLocalPath))
            .Select(k => (k.Name, k.IsLocalPath ? Escaped(k.Property.GetValue(record)) : k.Property.GetValue(record)))
            .Where(member => member.Item2 is not NoPaths));
        return members;
    }

    /// <summary>Paths as they are read back. An empty list of them is not written.</summary>
    private static object? Escaped(object? value) => value switch
    {
        string path => LocalPath.Escape(path),
        string[] { Length: 0 } => new NoPaths(),
        string[] paths => paths.Select(LocalPath.Escape).ToArray(),
        _ => value,
    };

    private sealed class NoPaths;

    // isContinued: the first member stands behind the "- " of a list.
    private static void WriteMembers(
        StringBuilder yaml, List<(string Key, object? Value)> members, int indent, bool isContinued, bool portable)
    {
        foreach ((var key, var value) in members)
        {
            if (!isContinued)
                yaml.Append(' ', indent);
            isContinued = false;
            yaml.Append(key).Append(':');
            WriteValue(yaml, value, indent, portable);
        }
    }

    private static void WriteValue(StringBuilder yaml, object? value, int indent, bool portable)
    {
        var content = ContentOf(value);
        if (IsInline(content))
        {
            yaml.Append(' ').Append(Inline(content)).Append('\n');
        }
        else if (content is Array array)
        {
            yaml.Append('\n');
            foreach (var item in array)
                WriteItem(yaml, item, indent + 2, portable);
        }
        else if (MembersOf(content!, portable) is { Count: > 0 } members)
        {
            yaml.Append('\n');
            WriteMembers(yaml, members, indent + 2, isContinued: false, portable);
        }
        else
        {
            yaml.Append(" {}\n");
        }
    }

    private static void WriteItem(StringBuilder yaml, object? item, int indent, bool portable)
    {
        yaml.Append(' ', indent).Append('-');
        var content = ContentOf(item);
        if (!IsInline(content) && content is not Array && MembersOf(content!, portable) is { Count: > 0 } members)
        {
            yaml.Append(' ');
            WriteMembers(yaml, members, indent + 2, isContinued: true, portable);
        }
        else
        {
            WriteValue(yaml, content, indent, portable);
        }
    }

    /// <summary>The content of a value as it is written: of a <see cref="OneOrMany{T}"/> its one value or its list, of a kind that is written by its name that name.</summary>
    internal static object? ContentOf(object? value)
    {
        if (value is Variant variant && VariantFamily.IsWrittenByName(variant.GetType()) && RecordShape.Of(variant.GetType()).Keys.Count == 0)
            return KindNames.Of(variant);
        if (value?.GetType() is not { IsGenericType: true } type || type.GetGenericTypeDefinition() != typeof(OneOrMany<>))
            return value;
        Array values = ((System.Collections.IEnumerable)type.GetProperty(nameof(OneOrMany<int>.Values))!.GetValue(value)!).Cast<object?>().ToArray();
        var isOne = (bool)type.GetProperty(nameof(OneOrMany<int>.IsOne))!.GetValue(value)!;
        return isOne ? ContentOf(values.GetValue(0)) : values;
    }

    // Words, and lists of nothing else.
    private static bool IsInline(object? content) => content switch
    {
        null => true,
        Array array => array.Cast<object?>().All(item => IsInline(ContentOf(item))),
        _ => ScalarText.Reads(content.GetType()),
    };

    private static string Inline(object? content) => content switch
    {
        null => "null",
        Array array => $"[{string.Join(", ", array.Cast<object?>().Select(item => Inline(ContentOf(item))))}]",
        string text => IsPlain(text) ? text : Quote(text),
        double number when !double.IsFinite(number) => throw new ArgumentException($"{number} cannot be written: only finite numbers can", nameof(content)),
        _ => ScalarText.Write(content),
    };

    // Anything that some YAML reader might take for something else than text is quoted.
    private static bool IsPlain(string text) => Plain().IsMatch(text)
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        && text.ToUpperInvariant() is not ("NULL" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff')
                quoted.Append($"\\u{(int)c:X4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*\z")]
    private static partial Regex Plain();
}
