using OpticalQAT.Configuration;

namespace OpticalQAT.Runs;

/// <summary>The keys of a model's experiment that may be replaced for a use of the model; everything else belongs to the model.</summary>
/// <param name="Keys">Dotted keys; those below them may be replaced as well.</param>
/// <param name="Refusal">The end of the sentence about every other key.</param>
internal sealed record ModelOverrides(string[] Keys, string Refusal)
{
    private const string Dataset = "task.dataset";
    private const string Device = "device";
    private const string Perturbation = "perturbation";

    /// <summary>For an evaluation.</summary>
    public static ModelOverrides OfEvaluation { get; } = new([Dataset, "optics.spectrum", Device, Perturbation], "belongs to the model, which is evaluated as it is");

    /// <summary>For rounding to other levels.</summary>
    public static ModelOverrides OfRounding { get; } = new([Dataset, Device], "belongs to the model that is rounded");

    /// <summary>For the report of a run.</summary>
    public static ModelOverrides OfReport { get; } = new([Dataset, Device], "belongs to the run, which is reported as it was");

    /// <summary>For a robustness study.</summary>
    public static ModelOverrides OfStudy { get; } = new([Dataset, Device], "belongs to the model, which is tried as it is");

    /// <summary>Refuses overrides of anything else.</summary>
    /// <param name="overrides"><c>key=value</c> with dotted keys.</param>
    /// <exception cref="ConfigurationException">There are such; the message has a line for each.</exception>
    public void Check(IReadOnlyList<string> overrides)
    {
        ConfigurationError[] errors =
        [
            .. overrides.Where(text => !Keys.Any(key => IsUnder(KeyOf(text), key)))
                .Select(text => new ConfigurationError(
                    Place.OfOverride(text), $"'{KeyOf(text)}' {Refusal}; only {string.Join(", ", Keys)} and what lies below can be overridden here")),
        ];
        if (errors.Length > 0)
            throw new ConfigurationException(errors);
    }

    /// <summary>Whether overrides ask for fabrication errors.</summary>
    public static bool AskForErrors(IReadOnlyList<string> overrides) => overrides.Any(text => IsUnder(KeyOf(text), Perturbation));

    /// <summary>The key that an override gives a value.</summary>
    public static string KeyOf(string text) => text.Split('=')[0].Trim();

    private static bool IsUnder(string path, string key) =>
        string.Equals(path, key, StringComparison.Ordinal) || path.StartsWith(key + ".", StringComparison.Ordinal);
}
