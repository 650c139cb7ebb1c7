using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace OpticalQAT.Configuration;

/// <summary>A key that the user may write, which is an <c>init</c> property of a record.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="Property">The property.</param>
/// <param name="Shape">What its value may be.</param>
/// <param name="IsRequired">Whether it must be written.</param>
/// <param name="Default">Its value when it is not written; null for a required key.</param>
/// <param name="Description">The summary of the property's documentation as plain text; empty where unknown.</param>
public sealed record ConfigurationKey(
    string Name, PropertyInfo Property, ValueShape Shape, bool IsRequired, object? Default, string Description)
{
    /// <summary>The default as the user would write it; empty for a required key.</summary>
    public string DefaultText => IsRequired ? string.Empty : ConfigurationWriter.WriteInline(Default);

    /// <summary>Whether the value is a path on this machine.</summary>
    public bool IsLocalPath => Property.IsDefined(typeof(LocalPathAttribute), inherit: true);

    /// <summary>A C# name as the user writes it: <c>PixelPitch</c> is <c>pixel_pitch</c>.</summary>
    internal static string NameOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>The keys of a record, those of its base records first, otherwise in the order in which they are declared.</summary>
/// <param name="Type">The record; it needs a constructor without parameters.</param>
/// <param name="Keys">Its keys.</param>
public sealed record RecordShape(Type Type, IReadOnlyList<ConfigurationKey> Keys)
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Known = [];

    /// <summary>The shape of that record; the descriptions are empty without its documentation.</summary>
    public static RecordShape Of(Type type, XmlDocumentation? documentation = null) =>
        documentation is null ? Known.GetOrAdd(type, t => Found(t, null)) : Found(type, documentation);

    private static RecordShape Found(Type type, XmlDocumentation? documentation)
    {
        var fresh = Create(type);
        return new(type, [.. PropertiesOf(type).Select(p => KeyOf(p, fresh, documentation))]);
    }

    internal static bool IsRecord(Type type) => type.IsClass && CloneMethod(type) is not null;

    /// <summary>A record with its defaults; <c>required</c> binds the compiler only, so initialisers run and no more.</summary>
    internal static object Create(Type type) => Activator.CreateInstance(type, nonPublic: true)!;

    /// <summary>A copy whose properties may be set without touching the original, as <c>with</c> makes it.</summary>
    internal static object Copy(object record) => CloneMethod(record.GetType())!.Invoke(record, null)!;

    internal ConfigurationKey? Find(string name) =>
        Keys.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.Ordinal));

    private static MethodInfo? CloneMethod(Type type) => type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance);

    private static ConfigurationKey KeyOf(PropertyInfo property, object fresh, XmlDocumentation? documentation)
    {
        // By name: a library that we reference carries a public copy of the attribute, so its type is ambiguous.
        var isRequired = property.CustomAttributes.Any(a => a.AttributeType.FullName is "System.Runtime.CompilerServices.RequiredMemberAttribute");
        return new(ConfigurationKey.NameOf(property.Name), property, ValueShape.Of(property), isRequired,
            isRequired ? null : property.GetValue(fresh), documentation?.SummaryOf(property) ?? string.Empty);
    }

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        Stack<Type> lineage = new();
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
            lineage.Push(t);
        return lineage
            .SelectMany(t => t.GetProperties(Declared).OrderBy(p => p.MetadataToken))
            .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
            .GroupBy(p => p.Name, StringComparer.Ordinal)
            .Select(overriding => overriding.Last());
    }
}
