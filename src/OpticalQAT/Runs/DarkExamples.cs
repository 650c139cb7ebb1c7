using OpticalQAT.Data;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>Splits in which there is nothing to see: a run on them ends like any other, with an efficiency of 0 and scores by chance.</summary>
internal static class DarkExamples
{
    /// <summary>A sentence for each split whose examples are 0 in every pixel.</summary>
    public static IEnumerable<string> In(Dataset data)
    {
        foreach (var (split, name) in new[] { (data.Train, "training"), (data.Validation, "validation"), (data.Test, "test") })
        {
            if (IsDark(split))
                yield return $"All {split.Count} examples of the {name} split are {(split.HasPhases ? "0" : "black")} in every pixel: nothing tells them apart, and as an amplitude they let no light in. Look at the files of the dataset.";
        }
    }

    private static bool IsDark(Examples split)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        return split.Count > 0 && (!split.Images.any().to(ScalarType.Bool).item<bool>() || split.Amplitudes is { } amplitudes && !amplitudes.any().to(ScalarType.Bool).item<bool>());
    }
}
