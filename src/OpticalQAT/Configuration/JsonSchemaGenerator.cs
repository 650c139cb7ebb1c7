using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpticalQAT.Configuration;

/// <summary>
/// Describes a configuration as JSON Schema, from which editors offer keys and kinds while one types and mark what is
/// wrong. Draft-07, which the YAML language server knows best. It says what one value alone can show: names, types,
/// bounds, units; the rules between keys are left to the reader.
/// </summary>
/// <param name="catalogue">Where the kinds are found.</param>
public sealed class JsonSchemaGenerator(Catalogue catalogue)
{
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SortedDictionary<string, (Type Type, JsonObject Schema)> _definitions = new(StringComparer.Ordinal);

    /// <summary>The schema as indented JSON. The same records give the same text.</summary>
    /// <param name="root">The record of the configuration as a whole.</param>
    /// <param name="title">What editors call it.</param>
    public string Generate(Type root, string title)
    {
        _definitions.Clear();
        JsonObject schema = new() { ["$schema"] = Draft, ["title"] = title };
        foreach ((var name, var part) in RecordSchema(root, kind: null).ToArray())
            schema.Add(name, part?.DeepClone());
        schema.Add("definitions", new JsonObject(_definitions.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value.Schema))));
        return schema.ToJsonString(Layout) + "\n";
    }

    private JsonObject RecordSchema(Type type, VariantKind? kind)
    {
        var shape = catalogue.ShapeOf(type);
        JsonObject properties = [];
        List<string> required = [];
        if (kind is not null)
        {
            // An enumeration of one is what a constant is, and older validators know it.
            properties.Add(RecordBinder.KindKey, new JsonObject { ["enum"] = new JsonArray(kind.Name) });
            required.Add(RecordBinder.KindKey);
        }

        if (BaseFile.IsTakenBy(type))
            properties.Add(BaseFile.Key, new JsonObject { ["description"] = BaseFile.Description, ["type"] = "string" });
        foreach (var key in shape.Keys)
        {
            properties.Add(key.Name, KeySchema(key));
            if (key.IsRequired)
                required.Add(key.Name);
        }

        var schema = Described(catalogue.DescriptionOf(type));
        schema.Add("type", "object");
        schema.Add("properties", properties);
        if (required.Count > 0)
            schema.Add("required", new JsonArray([.. required.Select(name => JsonValue.Create(name))]));
        schema.Add("additionalProperties", false);
        return schema;
    }

    private JsonObject KeySchema(ConfigurationKey key)
    {
        var schema = Described(JsonSchemaScalars.WithBounds(key.Description, key.Shape));
        if (!key.IsRequired)
            schema.Add("default", JsonSchemaDefaults.Of(key.Default));
        var value = ValueSchema(key.Shape);
        // Beside a "$ref" nothing else counts.
        if (value.ContainsKey("$ref"))
            value = new() { ["allOf"] = new JsonArray(value) };
        foreach ((var name, var part) in value.ToArray())
            schema.Add(name, part?.DeepClone());
        return schema;
    }

    private JsonObject ValueSchema(ValueShape shape)
    {
        var value = shape.Form switch
        {
            ValueForm.Scalar => JsonSchemaScalars.Of(shape),
            ValueForm.List => ListOf(shape.Element!),
            ValueForm.Piece => new() { ["type"] = "object" },
            ValueForm.OneOrMany => AnyOf(ValueSchema(shape.Element!), ListOf(shape.Element!)),
            _ => Reference(shape.Type),
        };
        return shape.IsNullable ? AnyOf(value, new() { ["type"] = "null" }) : value;
    }

    private JsonObject ListOf(ValueShape element) => new() { ["type"] = "array", ["items"] = ValueSchema(element) };

    private static JsonObject AnyOf(params JsonObject[] choices) => new() { ["anyOf"] = new JsonArray([.. choices]) };

    /// <summary>Points to the schema of a record or family, which is worked out when it is first asked for.</summary>
    private JsonObject Reference(Type type)
    {
        var isVariant = type.IsAssignableTo(typeof(Variant));
        var name = isVariant && VariantFamily.RootOf(type) == type ? VariantFamily.NameOf(type) : ConfigurationKey.NameOf(type.Name);
        return Define(name, type, () => isVariant ? FamilySchema(type) : RecordSchema(type, kind: null));
    }

    private JsonObject FamilySchema(Type type)
    {
        var family = catalogue.FamilyOf(type);
        VariantKind[] kinds = [.. family.Kinds.Where(k => k.Type.IsAssignableTo(type))];
        var byName = VariantFamily.IsWrittenByName(type) ? kinds.Where(k => RecordShape.Of(k.Type).Keys.All(key => !key.IsRequired)).Select(k => JsonValue.Create(k.Name)).ToArray() : [];
        if (byName.Length > 0)
            return AnyOf(new JsonObject { ["description"] = family.Description, ["enum"] = new JsonArray([.. byName]) }, MappingSchema(family, kinds));
        return MappingSchema(family, kinds);
    }

    private JsonObject MappingSchema(VariantFamily family, VariantKind[] kinds)
    {
        var schema = Described(family.Description);
        // Said here as well as in each kind, so that a wrong name is marked where it stands.
        schema.Add("type", "object");
        schema.Add("properties", new JsonObject
        {
            [RecordBinder.KindKey] = new JsonObject
            {
                ["description"] = string.Join('\n', kinds.Select(k => $"{k.Name}: {k.Description}")),
                ["enum"] = new JsonArray([.. kinds.Select(k => JsonValue.Create(k.Name))]),
            },
        });
        schema.Add("required", new JsonArray(RecordBinder.KindKey));
        schema.Add("oneOf", new JsonArray([.. kinds.Select(k => Define($"{family.Name}.{k.Name}", k.Type, () => RecordSchema(k.Type, k)))]));
        return schema;
    }

    private JsonObject Define(string name, Type type, Func<JsonObject> schema)
    {
        if (!_definitions.TryGetValue(name, out var standing))
        {
            // Entered before it is worked out: a kind may hold another of its own family.
            _definitions.Add(name, (type, []));
            _definitions[name] = (type, schema());
        }
        else if (standing.Type != type)
        {
            throw new InvalidOperationException($"{standing.Type} and {type} would both be called '{name}'");
        }

        return new() { ["$ref"] = $"#/definitions/{name}" };
    }

    private static JsonObject Described(string description) => description.Length == 0 ? [] : new() { ["description"] = description };
}
