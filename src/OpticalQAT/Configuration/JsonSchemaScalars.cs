using System.Reflection;
using System.Text.Json.Nodes;
using OpticalQAT.Units;

namespace OpticalQAT.Configuration;

/// <summary>The JSON Schema of values that are one word.</summary>
internal static class JsonSchemaScalars
{
    /// <summary>The schema of a scalar: its type, the texts of a quantity with its units, the names of a choice, bounds.</summary>
    public static JsonObject Of(ValueShape shape)
    {
        var type = shape.Type;
        if (type == typeof(bool))
            return new() { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long))
            return Bounded("integer", shape.Bounds);
        if (type == typeof(double))
            return Bounded("number", shape.Bounds);
        if (type.IsEnum)
            return new() { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(n => JsonValue.Create(ConfigurationKey.NameOf(n)))]) };
        return type.IsAssignableTo(typeof(IQuantity)) ? Quantity(shape) : new() { ["type"] = "string" };
    }

    /// <summary>A description that ends with the bounds, where the schema itself cannot say them: those of quantities are bounds of a text, those of schedules of many values.</summary>
    public static string WithBounds(string description, ValueShape shape)
    {
        while (shape.Element is { } element)
            shape = element;
        if (shape.Bounds.Count == 0 || !(shape.Type.IsAssignableTo(typeof(IQuantity)) || shape.Type.IsAssignableTo(typeof(IRanging))))
            return description;
        var bounds = string.Join(" and ", shape.Bounds.Select(b => b.ExpectationFor(shape.Type)));
        return $"{description} Must be {bounds}{(shape.Form == ValueForm.Variant ? " at all times" : string.Empty)}.".TrimStart();
    }

    private static JsonObject Bounded(string type, IReadOnlyList<BoundAttribute> bounds)
    {
        JsonObject schema = new() { ["type"] = type };
        foreach (var bound in bounds)
        {
            var keyword = bound switch
            {
                AtLeastAttribute => "minimum",
                AtMostAttribute => "maximum",
                AboveAttribute => "exclusiveMinimum",
                BelowAttribute => "exclusiveMaximum",
                _ => throw new InvalidOperationException($"{bound.GetType()} has no keyword in JSON Schema"),
            };
            schema.Add(keyword, bound.Limit);
        }

        return schema;
    }

    private static JsonObject Quantity(ValueShape shape)
    {
        var pattern = (string)shape.Type.GetProperty(nameof(IQuantity.Pattern), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        if (shape.TakesFrequency)
            pattern = $"({pattern})|({Frequency.Pattern})";
        JsonObject schema = new() { ["type"] = "string", ["pattern"] = pattern };
        if (shape.Bounds.Any(b => b is AtLeastAttribute or AboveAttribute && b.Limit >= 0))
            schema.Add("not", new JsonObject { ["pattern"] = @"^\s*-" });
        return schema;
    }
}
