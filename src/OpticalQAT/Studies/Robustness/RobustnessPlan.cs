using OpticalQAT.Configuration;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;

namespace OpticalQAT.Studies.Robustness;

/// <summary>
/// The fabricated devices on which designs are tried. All draws follow from the seed and the number of a device alone, so
/// that every design of one geometry that meets the same plan meets the same devices.
/// </summary>
public sealed record RobustnessPlan : IChecked
{
    /// <summary>The seed of every draw.</summary>
    [AtLeast(0), AtMost(int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>The number of examples of the test split that count, from its beginning; null is all of them.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int? Examples { get; init; }

    /// <summary>Errors that are swept, each alone.</summary>
    public ErrorSweep[] Sweeps { get; init; } = [];

    /// <summary>Errors that are drawn all together, and how good a device must be; null estimates no yield.</summary>
    public YieldPlan? Yield { get; init; }

    /// <summary>Whether a file looks like a plan rather than an experiment.</summary>
    public static bool Recognises(string path) =>
        File.Exists(path) && ConfigurationDraft.OfFile(path, []) is { } draft && (draft.Has("sweeps") || draft.Has("yield"));

    /// <summary>Reads a plan.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigurationException">It is no plan; the message has a line for each error.</exception>
    public static RobustnessPlan Read(string path) => ConfigurationReader.ReadFile<RobustnessPlan>(path, []).ValueOrThrow();

    /// <summary>The findings of the plan for a model of so many masks.</summary>
    /// <param name="layers">The number of the model's masks.</param>
    public IEnumerable<Finding> Examine(int layers) =>
    [
        .. Sweeps.SelectMany((sweep, i) => Misfits($"sweeps.{i}.error", sweep.Error, layers)),
        .. (Yield?.Errors ?? []).SelectMany((error, i) => Misfits($"yield.errors.{i}", error, layers)),
    ];

    /// <summary>Angles that samples of the grid cannot show, each error at the highest strength that it is tried at: warnings.</summary>
    /// <param name="setting">The light and its sampling.</param>
    /// <param name="material">The material of the masks.</param>
    public IEnumerable<Finding> ExamineAngles(OpticalSetting setting, Material material) =>
    [
        .. Sweeps.SelectMany((sweep, i) => PerturbationOptions.SteepAngles($"sweeps.{i}.error", sweep.Error, sweep.Strengths.Max(), setting, material)),
        .. (Yield?.Errors ?? []).SelectMany((error, i) => PerturbationOptions.SteepAngles($"yield.errors.{i}", error, 1, setting, material)),
    ];

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Sweeps.Length == 0 && Yield is null)
            yield return new Problem("sweeps", "the plan asks for nothing; give it sweeps, for example [{ error: { kind: lateral_shift, amount: 0.1 mm }, strengths: [0.5, 1] }], or a yield");
    }

    private static IEnumerable<Finding> Misfits(string key, PerturbationKind error, int layers) =>
        error.Examine(layers).Select(problem => new Finding(true, $"{key}.{problem.Key}", problem.Message));
}

/// <summary>One error at several strengths.</summary>
public sealed record ErrorSweep : IChecked
{
    /// <summary>The error, as it is at strength 1.</summary>
    public required PerturbationKind Error { get; init; }

    /// <summary>The factors of the error, a point of the curve each; 0, the design itself, needs no mention. A device draws the same at each of them.</summary>
    [AtLeast(1e-9), AtMost(1e6)]
    public required double[] Strengths { get; init; }

    /// <summary>The number of devices that are tried at each strength.</summary>
    [AtLeast(1), AtMost(1000000)]
    public int Devices { get; init; } = 20;

    /// <summary>The devices that must be computed: one where all are alike.</summary>
    public int Drawn => Error.IsDrawn ? Devices : 1;

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Strengths.Length == 0)
            yield return new Problem("strengths", "the list is empty; give at least one strength, for example [0.5, 1, 2]");
        else if (Strengths.Distinct().Count() < Strengths.Length)
            yield return new Problem("strengths", "a strength stands there twice; give each once");
    }
}

/// <summary>A fabrication process, and what is asked of its devices.</summary>
public sealed record YieldPlan : IChecked
{
    /// <summary>The errors that every device has, all together.</summary>
    public required PerturbationKind[] Errors { get; init; }

    /// <summary>The number of devices that are tried.</summary>
    [AtLeast(1), AtMost(1000000)]
    public int Devices { get; init; } = 200;

    /// <summary>The score that a device must reach to count as good, or must not exceed where lower is better: a fraction where the score is one.</summary>
    [AtLeast(-1e6), AtMost(1e6)]
    public required double Threshold { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Errors.Length == 0)
            yield return new Problem("errors", "without errors every device is the design; give at least one, for example [{ kind: height_error, amount: 20 um }]");
    }
}
