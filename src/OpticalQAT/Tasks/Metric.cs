using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpticalQAT.Tasks;

/// <summary>The unit in which a reader meets the values of a metric. In files and in the program they are as they were measured.</summary>
public enum MetricUnit
{
    /// <summary>A plain number.</summary>
    Number,

    /// <summary>A share of a whole, shown in percent.</summary>
    Fraction,

    /// <summary>Decibels.</summary>
    Decibels,

    /// <summary>Radians.</summary>
    Radians,
}

/// <summary>A quantity that a task measures: its name, its unit, and its direction.</summary>
/// <param name="Name">The key under which files have it: <c>snake_case</c>.</param>
/// <param name="Unit">The unit in which a reader meets its values.</param>
/// <param name="HigherIsBetter">Whether of two values the higher is the better one.</param>
public sealed record Metric(string Name, MetricUnit Unit, bool HigherIsBetter)
{
    /// <summary>The loss, which every measurement has. Among a task's metrics it marks the loss's place; without it the loss stands last.</summary>
    public static Metric Loss { get; } = new("loss", MetricUnit.Number, HigherIsBetter: false);

    /// <summary>The power where it is looked for over the power that entered. Runs warn of designs in which it is next to nothing.</summary>
    public static Metric Efficiency { get; } = new("efficiency", MetricUnit.Fraction, HigherIsBetter: true);

    /// <summary>Its name for readers, as at the beginning of a sentence: by default "Diffraction efficiency" of <c>diffraction_efficiency</c>.</summary>
    public string Title { get; init; } = Name.Length == 0 ? Name : char.ToUpperInvariant(Name[0]) + Name[1..].Replace('_', ' ');

    /// <summary>Whether it is the share of examples that are right, so that chance gives it a binomial error.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Whether it is a share of a whole.</summary>
    public bool IsFraction => Unit == MetricUnit.Fraction;

    /// <summary>Whether one value is better than another; no number is better than none.</summary>
    public bool IsBetter(double value, double other) => HigherIsBetter ? value > other : value < other;

    /// <summary>Whether a value is at least as good as a threshold.</summary>
    public bool Reaches(double value, double threshold) => HigherIsBetter ? value >= threshold : value <= threshold;

    /// <summary>By how much one value is better than another; negative where it is worse.</summary>
    public double Gain(double value, double other) => HigherIsBetter ? value - other : other - value;

    /// <summary>A number that is the higher the better the value is.</summary>
    public double Merit(double value) => HigherIsBetter ? value : -value;
}

/// <summary>Writes a metric by its name.</summary>
internal sealed class MetricNameConverter : JsonConverter<Metric>
{
    /// <inheritdoc/>
    public override Metric Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("a name alone does not say what a metric is");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Metric value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
