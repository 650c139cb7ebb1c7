using OpticalQAT.Tasks;
using OpticalQAT.Units;

namespace OpticalQAT.Runs;

/// <summary>
/// Findings on a design that sends next to no light to where it is looked for. Scores do not show it: they compare the
/// detector's readings with each other, and are as good in the dark.
/// </summary>
internal static class FaintLight
{
    /// <summary>
    /// One part in a thousand of the light that entered. Light that is thrown back and forth once between two uncoated faces of an
    /// index of 1.5 comes to 0.04², which is more, and to 0.5 % where the index is 1.72: below that a detector sees the stray light.
    /// </summary>
    private const double LeastShare = 1e-3;

    /// <summary>The remark in a whole sentence; null where there is light enough, or where it is not measured.</summary>
    /// <param name="metrics">Those of a model on a split.</param>
    public static string? Remark(IReadOnlyDictionary<string, double> metrics) =>
        !metrics.TryGetValue(Metric.Efficiency.Name, out var share) || share >= LeastShare ? null
        : share > 0
            ? $"Only {NumberText.Percent(share)} of the light that enters arrives where it is detected. Below {NumberText.Percent(LeastShare)} stray light is brighter, such as that thrown back and forth between two uncoated faces. "
                + "A loss that asks for efficiency, shorter distances, or larger detector regions bring more."
            : "None of the light that enters arrives where it is detected, so the scores say nothing: is the object dark, or does the light miss the detector?";
}
