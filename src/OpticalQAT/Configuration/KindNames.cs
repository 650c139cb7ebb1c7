using System.Reflection;

namespace OpticalQAT.Configuration;

/// <summary>The names by which configurations call kinds.</summary>
public static class KindNames
{
    /// <summary>The name of a variant's kind.</summary>
    public static string Of(Variant variant) =>
        variant.GetType().GetCustomAttribute<KindAttribute>(inherit: false)?.Name
        ?? throw new ArgumentException($"{variant.GetType()} has no [Kind]", nameof(variant));
}
