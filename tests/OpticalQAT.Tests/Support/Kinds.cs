using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Support;

/// <summary>Every kind that the library offers, found as an experiment file finds it: a law that runs over them runs on a new one the moment it exists.</summary>
internal static class Kinds
{
    public static Catalogue Library { get; } = new(typeof(Variant).Assembly);

    /// <summary>One of each kind of a family, with its defaults.</summary>
    public static IEnumerable<T> Of<T>()
        where T : Variant =>
        Library.FamilyOf(typeof(T)).Kinds.Select(kind => (T)RecordShape.Create(kind.Type));
}
