using System.Reflection;

namespace OpticalQAT.Configuration;

/// <summary>The form in which a value is written.</summary>
public enum ValueForm
{
    /// <summary>One word: a number, a quantity, text, true or false, a name out of several.</summary>
    Scalar,

    /// <summary>A list: an array.</summary>
    List,

    /// <summary>One value or a list: <see cref="OneOrMany{T}"/>.</summary>
    OneOrMany,

    /// <summary>Keys and values: a record.</summary>
    Record,

    /// <summary>Keys and values, of which <c>kind</c> chooses the record: a <see cref="Configuration.Variant"/>.</summary>
    Variant,

    /// <summary>Keys and values of another configuration: a <see cref="ConfigurationPiece"/>.</summary>
    Piece,
}

/// <summary>The values that a key may have, found from the property's type, its nullability and its bounds.</summary>
/// <param name="Form">How it is written.</param>
/// <param name="Type">The CLR type, without <see cref="Nullable{T}"/>.</param>
/// <param name="IsNullable">Whether <c>null</c> may be written.</param>
/// <param name="Element">What each element may be, for lists.</param>
/// <param name="Bounds">The bounds of a scalar, or of all values of a schedule; those of a list stand with its element.</param>
public sealed record ValueShape(ValueForm Form, Type Type, bool IsNullable, ValueShape? Element, IReadOnlyList<BoundAttribute> Bounds)
{
    /// <summary>Whether the text is a path on this machine.</summary>
    internal bool IsLocalPath { get; init; }

    /// <summary>Whether a frequency may stand in place of the wavelength.</summary>
    internal bool TakesFrequency { get; init; }

    /// <summary>The type's name for the user: <c>integer</c>, <c>length</c>, <c>list of number</c>, <c>a | b</c>.</summary>
    public string Name => (IsNullable ? "null or " : string.Empty) + Form switch
    {
        ValueForm.List => $"list of {Element!.Name}",
        ValueForm.OneOrMany => $"{Element!.Name}, or a list of them",
        ValueForm.Variant => VariantFamily.NameOf(Type),
        ValueForm.Record => "mapping",
        ValueForm.Piece => "part of an experiment",
        _ => ScalarText.NameOf(Type),
    };

    /// <summary>The expectation, as it reads after "must be ": <c>an integer</c>, <c>a list</c>.</summary>
    internal string Expectation => Form switch
    {
        ValueForm.List => $"a list ({Name})",
        ValueForm.OneOrMany => $"{Element!.Expectation}, or a list of them",
        ValueForm.Variant when VariantFamily.IsWrittenByName(Type) => $"the name of a {VariantFamily.NameOf(Type)}, or a mapping with the key 'kind'",
        ValueForm.Variant => "a mapping with the key 'kind'",
        ValueForm.Record => "a mapping of keys",
        ValueForm.Piece => "a mapping of an experiment's keys",
        _ => ScalarText.ExpectationOf(Type),
    };

    /// <summary>The shape of a property's values.</summary>
    /// <exception cref="InvalidOperationException">The property has a type that cannot be configured.</exception>
    internal static ValueShape Of(PropertyInfo property)
    {
        return Of(property.PropertyType, new NullabilityInfoContext().Create(property), property)
            ?? throw new InvalidOperationException(
                $"{property.DeclaringType}.{property.Name}: a {property.PropertyType} cannot be configured");
    }

    /// <summary>The shape of a configuration as a whole: a record or a variant.</summary>
    internal static ValueShape OfRoot(Type type) => Of(type, nullability: null, property: null) is { Form: ValueForm.Record or ValueForm.Variant } shape
        ? shape
        : throw new InvalidOperationException($"{type} is no record");

    private static ValueShape? Of(Type declared, NullabilityInfo? nullability, PropertyInfo? property)
    {
        var underlying = Nullable.GetUnderlyingType(declared);
        var type = underlying ?? declared;
        var isNullable = underlying is not null || (!type.IsValueType && nullability?.ReadState == NullabilityState.Nullable);
        ValueShape? Listed(ValueForm form, Type element, NullabilityInfo? info) =>
            Of(element, info, property) is { } shape ? new(form, type, isNullable, shape, []) : null;

        if (type.IsArray)
            return Listed(ValueForm.List, type.GetElementType()!, nullability?.ElementType);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(OneOrMany<>))
            return Listed(ValueForm.OneOrMany, type.GetGenericArguments()[0], nullability?.GenericTypeArguments.FirstOrDefault());

        ValueForm? form = ScalarText.Reads(type) ? ValueForm.Scalar
            : type.IsAssignableTo(typeof(Variant)) ? ValueForm.Variant
            : RecordShape.IsRecord(type) ? ValueForm.Record
            : type == typeof(ConfigurationPiece) ? ValueForm.Piece
            : null;
        if (form is not { } found)
            return null;
        return new(found, type, isNullable, Element: null, [.. property?.GetCustomAttributes<BoundAttribute>(inherit: true) ?? []])
        {
            IsLocalPath = property?.IsDefined(typeof(LocalPathAttribute), inherit: true) is true,
            TakesFrequency = property?.IsDefined(typeof(OrFrequencyAttribute), inherit: true) is true,
        };
    }
}
