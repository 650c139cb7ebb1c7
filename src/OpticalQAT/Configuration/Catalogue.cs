using System.Reflection;

namespace OpticalQAT.Configuration;

/// <summary>One of the records that a <c>kind:</c> may choose.</summary>
/// <param name="Name">What is written behind <c>kind:</c>.</param>
/// <param name="Type">The record.</param>
/// <param name="Description">The summary of its documentation; empty where unknown.</param>
public sealed record VariantKind(string Name, Type Type, string Description);

/// <summary>The records that may stand in one place, of which <c>kind:</c> chooses.</summary>
/// <param name="Name">For example <c>quantizer</c>.</param>
/// <param name="Type">The abstract record.</param>
/// <param name="Description">The summary of its documentation; empty where unknown.</param>
/// <param name="Kinds">By name.</param>
public sealed record VariantFamily(string Name, Type Type, string Description, IReadOnlyList<VariantKind> Kinds)
{
    /// <summary>The kind of that name; null where there is none.</summary>
    public VariantKind? Find(string name) => Kinds.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.Ordinal));

    /// <summary>The abstract record below <see cref="Variant"/> from which a kind derives, however far.</summary>
    internal static Type RootOf(Type type)
    {
        while (type.BaseType is { } below && below != typeof(Variant))
            type = below;
        return type;
    }

    /// <summary>Whether kinds of the family that have no keys are written by their names alone.</summary>
    internal static bool IsWrittenByName(Type type) => RootOf(type).GetCustomAttribute<FamilyAttribute>(inherit: false) is { IsWrittenByName: true };

    internal static string NameOf(Type type) => RootOf(type).GetCustomAttribute<FamilyAttribute>(inherit: false)?.Name
        ?? throw new InvalidOperationException($"{RootOf(type)} needs [Family(\"…\")]: it derives from Variant directly");
}

/// <summary>
/// All kinds that can be chosen, found by a scan of assemblies: whoever adds a record with a
/// <see cref="KindAttribute"/> need not register it anywhere.
/// </summary>
public sealed class Catalogue
{
    private readonly Assembly[] _assemblies;
    private readonly Dictionary<Assembly, XmlDocumentation> _documentation = [];
    private readonly Dictionary<Type, VariantFamily> _families = [];

    /// <summary>The catalogue of what those assemblies declare.</summary>
    public Catalogue(params Assembly[] assemblies) => _assemblies = [.. assemblies.Distinct()];

    /// <summary>The catalogue of the assemblies in use: the library's own, and those that were named.</summary>
    public static Catalogue OfAssembliesInUse() => new([.. KindAssemblies.InUse]);

    /// <summary>The families that the assemblies declare, by name.</summary>
    public IReadOnlyList<VariantFamily> Families =>
    [
        .. _assemblies.SelectMany(a => a.GetTypes())
            .Where(t => t.BaseType == typeof(Variant))
            .Select(FamilyOf)
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    /// <summary>The family to which that record belongs, with the kinds of these assemblies and of the family's own.</summary>
    /// <exception cref="InvalidOperationException">The family has no name, or two kinds have the same.</exception>
    public VariantFamily FamilyOf(Type variant)
    {
        var root = VariantFamily.RootOf(variant);
        if (_families.TryGetValue(root, out var family))
            return family;

        VariantKind[] kinds =
        [
            .. _assemblies.Append(root.Assembly).Distinct().SelectMany(a => a.GetTypes())
                .Where(t => t.IsSubclassOf(root) && !t.IsAbstract)
                .Select(t => (Type: t, t.GetCustomAttribute<KindAttribute>(inherit: false)?.Name))
                .Where(t => t.Name is not null)
                .Select(t => new VariantKind(t.Name!, t.Type, DocumentationOf(t.Type).SummaryOf(t.Type)))
                .OrderBy(k => k.Name, StringComparer.Ordinal),
        ];
        var name = VariantFamily.NameOf(root);
        if (kinds.GroupBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException($"two kinds of {name} are called '{twice.Key}': {string.Join(", ", twice.Select(k => k.Type))}");

        family = new(name, root, DocumentationOf(root).SummaryOf(root), kinds);
        _families.Add(root, family);
        return family;
    }

    /// <summary>The keys of a kind or of any other configuration record, with their descriptions.</summary>
    public RecordShape ShapeOf(Type record) => RecordShape.Of(record, DocumentationOf(record));

    /// <summary>The summary of a record's documentation; empty where unknown.</summary>
    internal string DescriptionOf(Type record) => DocumentationOf(record).SummaryOf(record);

    private XmlDocumentation DocumentationOf(Type type)
    {
        if (!_documentation.TryGetValue(type.Assembly, out var documentation))
            _documentation.Add(type.Assembly, documentation = XmlDocumentation.Of(type.Assembly));
        return documentation;
    }
}
