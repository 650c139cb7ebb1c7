namespace OpticalQAT.Configuration;

/// <summary>
/// The base of everything that stands behind a <c>kind:</c> in an experiment file. An abstract record that derives
/// from it directly is a <em>family</em> (propagators, quantizers, datasets, …); a sealed record with a
/// <see cref="KindAttribute"/> that derives from the family is one of its kinds. What the user may choose are its
/// <c>init</c> properties; their defaults stand there and nowhere else.
/// </summary>
public abstract record Variant;

/// <summary>Gives a family of kinds the name under which <c>kinds</c> lists it.</summary>
/// <param name="name">For example <c>quantizer</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FamilyAttribute(string name) : Attribute
{
    /// <summary>The family's name, in the singular and in snake_case.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a kind that has no keys may be written by its name alone, <c>modulation: phase</c>, and is.</summary>
    public bool IsWrittenByName { get; init; }
}

/// <summary>Gives a record the name by which experiment files choose it. The scan of the assembly finds it.</summary>
/// <param name="name">For example <c>angular_spectrum</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KindAttribute(string name) : Attribute
{
    /// <summary>The kind's name, in snake_case.</summary>
    public string Name { get; } = name;
}
