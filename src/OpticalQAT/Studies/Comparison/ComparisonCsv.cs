using System.Globalization;

namespace OpticalQAT.Studies.Comparison;

/// <summary><c>comparison.csv</c>: a line for each row and seed, for whoever draws his own figures.</summary>
public static class ComparisonCsv
{
    private const string Header =
        "role,levels,level_count,name,quantizer,gradient,seed,score,difference,validation,learning_rate,schedule,full_precision_epochs,quantized_epochs,seconds,run,failure";

    /// <summary>The file's text; numbers in full, empty where there is nothing.</summary>
    public static string Write(ComparisonResult result) =>
        string.Concat(result.Rows.SelectMany(row => row.Scores.Select(score => Line(row, score))).Prepend(Header).Select(line => line + "\n"));

    private static string Line(ComparedRow row, ComparedScore score) => string.Join(',', new object?[]
    {
        row.Role, row.Levels, row.LevelCount, row.Name, row.Quantizer, row.Gradient, score.Seed, score.Score, score.Difference, score.Validation,
        row.LearningRate, row.Schedule, row.FullPrecisionEpochs, row.QuantizedEpochs, score.Seconds, score.Run, score.Failure,
    }.Select(Field));

    // RFC 4180: what holds a comma, a quote or a line break stands in quotes, and quotes in it are doubled.
    private static string Field(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
