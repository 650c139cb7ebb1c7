using OpticalQAT.Configuration;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Studies.Robustness;

namespace OpticalQAT.Tests.Support;

/// <summary>Every kind that the library offers, found as an experiment file finds it: a law that runs over them runs on a new one the moment it exists.</summary>
internal static class Kinds
{
    public static Catalogue Library { get; } = new(typeof(Variant).Assembly);

    /// <summary>One of each kind of a family, with its defaults.</summary>
    public static IEnumerable<T> Of<T>()
        where T : Variant =>
        Library.FamilyOf(typeof(T)).Kinds.Select(kind => (T)RecordShape.Create(kind.Type));

    /// <summary>All records that a user may write: an experiment, a comparison, a robustness plan, every kind, and what their keys lead to.</summary>
    public static HashSet<Type> AllRecords() => Records(
        Library.Families.SelectMany(family => family.Kinds).Select(kind => kind.Type).Concat([typeof(Experiment), typeof(ComparisonOptions), typeof(RobustnessPlan)]));

    /// <summary>Those records, and all that their keys lead to.</summary>
    public static HashSet<Type> Records(IEnumerable<Type> roots)
    {
        var found = new HashSet<Type>();
        var open = new Queue<Type>(roots);
        while (open.TryDequeue(out var type))
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type.HasElementType)
                open.Enqueue(type.GetElementType()!);
            foreach (var argument in type.GetGenericArguments())
                open.Enqueue(argument);
            if (type.IsAbstract || type.Assembly != typeof(Experiment).Assembly || type.IsGenericType || !RecordShape.IsRecord(type) || !found.Add(type))
                continue;
            foreach (var key in Library.ShapeOf(type).Keys)
                open.Enqueue(key.Property.PropertyType);
        }
        return found;
    }
}
