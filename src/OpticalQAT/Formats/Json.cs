using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpticalQAT.Formats;

/// <summary>The form of all JSON that a run writes: snake_case names, null where there is nothing.</summary>
public static class Json
{
    /// <summary>One line, for logs.</summary>
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    /// <summary>Indented, for files that people open.</summary>
    public static JsonSerializerOptions Document { get; } = Options(indented: true);

    /// <summary>Whether a text is a whole JSON object.</summary>
    internal static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The members that a record must have and a JSON object has not.</summary>
    internal static string[] MissingIn<T>(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. Line.GetTypeInfo(typeof(T)).Properties.Where(property => property.IsRequired).Select(property => property.Name)
                .Where(name => !document.RootElement.TryGetProperty(name, out _)),
        ];
    }

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = indented,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a loss may be infinite, and a checkpoint keeps it
    };
}
