using System.Collections;
using System.Text.Json.Nodes;

namespace OpticalQAT.Configuration;

/// <summary>Default values as JSON, in the form in which the user would write them.</summary>
internal static class JsonSchemaDefaults
{
    /// <summary>The JSON of a value of any form.</summary>
    public static JsonNode? Of(object? value)
    {
        value = value is Variant ? ConfigurationWriter.ContentOf(value) : value;
        if (value is null)
            return null;
        var type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(OneOrMany<>))
        {
            var values = List((IEnumerable)type.GetProperty(nameof(OneOrMany<int>.Values))!.GetValue(value)!);
            return (bool)type.GetProperty(nameof(OneOrMany<int>.IsOne))!.GetValue(value)! ? values[0]?.DeepClone() : values;
        }

        return value switch
        {
            bool truth => truth,
            int number => number,
            long number => number,
            double number => number,
            Array array => List(array),
            _ when ScalarText.Reads(type) => ScalarText.Write(value),
            _ => Record(value),
        };
    }

    private static JsonArray List(IEnumerable values) => new([.. values.Cast<object?>().Select(Of)]);

    private static JsonObject Record(object record)
    {
        JsonObject members = [];
        if (record is Variant variant)
            members.Add(RecordBinder.KindKey, KindNames.Of(variant));
        foreach (var key in RecordShape.Of(record.GetType()).Keys)
            members.Add(key.Name, Of(key.Property.GetValue(record)));
        return members;
    }
}
