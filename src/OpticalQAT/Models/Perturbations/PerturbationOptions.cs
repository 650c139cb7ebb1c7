using OpticalQAT.Configuration;
using OpticalQAT.Optics;

namespace OpticalQAT.Models.Perturbations;

/// <summary>Fabrication errors. In training every batch meets another device, drawn anew with all of them; <c>evaluate</c> and <c>robustness</c> draw whole devices.</summary>
public sealed record PerturbationOptions
{
    /// <summary>The errors, each drawn by itself; none leaves every device as it was designed.</summary>
    public PerturbationKind[] Errors { get; init; } = [];

    /// <summary>The number of devices that <c>evaluate</c> draws where it is asked to perturb; its metrics are their means.</summary>
    [AtLeast(1), AtMost(100000)]
    public int Devices { get; init; } = 1;

    /// <summary>The progress at which schedules are looked at for their highest value.</summary>
    private static readonly double[] Moments = [.. Enumerable.Range(0, 101).Select(percent => percent / 100.0)];

    /// <summary>Whether there is anything to draw.</summary>
    internal bool IsAny => Errors.Length > 0;

    /// <summary>Whether one of the errors changes the light before the first mask, so that fields there cannot be kept for the whole run.</summary>
    internal bool ReachesInput => Errors.Any(error => error.ReachesInput);

    /// <summary>The problems of fitting it to a model.</summary>
    /// <param name="layers">How many masks the model has.</param>
    /// <param name="hasFreeSpace">Whether there is free space between its planes.</param>
    public IEnumerable<Finding> Examine(int layers, bool hasFreeSpace = true) => Errors.SelectMany((error, i) => error.Examine(layers)
        .Select(problem => new Finding(true, $"perturbation.errors.{i}.{problem.Key}", problem.Message))
        .Concat(hasFreeSpace || !error.ChangesFreeSpace ? [] : [new Finding(true, $"perturbation.errors.{i}.kind", "this error changes the free space between planes, and the model has lenses there; leave it out, or choose the model diffractive_network")]));

    /// <summary>Angles that samples of the grid cannot show, at the highest strength that training comes to: warnings.</summary>
    /// <param name="setting">The light and its sampling.</param>
    /// <param name="material">What the masks are printed in.</param>
    public IEnumerable<Finding> ExamineAngles(OpticalSetting setting, Material material) =>
        Errors.SelectMany((error, i) => SteepAngles($"perturbation.errors.{i}", error, Moments.Max(error.Schedule.At), setting, material));

    /// <summary>The same of one error at a strength.</summary>
    internal static IEnumerable<Finding> SteepAngles(string key, PerturbationKind error, double strength, OpticalSetting setting, Material material) =>
        error.Steepest(setting, material) is { } angle && angle.Warning(strength) is { } warning ? [new Finding(false, $"{key}.{angle.Key}", warning)] : [];
}
