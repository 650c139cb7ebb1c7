using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpticalQAT.Training;

/// <summary>How everything that a run writes as JSON is written: snake_case names, null where there is nothing.</summary>
public static class Json
{
    /// <summary>One line, for logs.</summary>
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    /// <summary>Indented, for files that people open.</summary>
    public static JsonSerializerOptions Document { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = indented,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a loss may be infinite, and a checkpoint keeps it
    };
}
