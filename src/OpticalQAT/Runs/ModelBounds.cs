using OpticalQAT.Configuration;
using OpticalQAT.Data;
using TorchSharp;

namespace OpticalQAT.Runs;

/// <summary>
/// Bounds on what a model's file may ask for without its user's knowing. A file of a few kilobytes can describe a million examples, or
/// planes larger than the memory; who wants that all the same says it himself.
/// </summary>
internal static class ModelBounds
{
    /// <summary>Pixels of the examples that a file alone may have drawn for a split: as many as 130,000 glyphs have.</summary>
    private const long MostPixels = 130_000L * 28 * 28;

    private const double Gibi = 1L << 30;

    /// <summary>Refuses to draw more examples than a file may ask for, unless the user has named the dataset or their number.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="splits">The splits that are wanted.</param>
    /// <param name="overridden">The keys that the user has given a value.</param>
    /// <exception cref="DataException">There are too many; the message names the key that asks for them.</exception>
    public static void CheckExamples(DatasetKind dataset, Splits splits, IReadOnlyCollection<string> overridden)
    {
        if (!dataset.IsDrawn || overridden.Contains("task.dataset", StringComparer.Ordinal))
            return;
        foreach (var (split, drawn) in dataset.Outline(new DataRequest(splits)).Splits)
        {
            var key = $"{split.ToString().ToLowerInvariant()}_count";
            var pixels = drawn.Count * drawn.Height * drawn.Width;
            if (pixels <= MostPixels || overridden.Contains($"task.dataset.{key}", StringComparer.Ordinal))
                continue;
            var count = RecordShape.Of(dataset.GetType()).Find(key)?.Property.GetValue(dataset);
            throw new DataException(
                $"the model's file asks for {count} {split.ToString().ToLowerInvariant()} examples to be drawn, {pixels / 1e6:0} million pixels, and a file alone may ask for {MostPixels / 1e6:0} million; "
                + $"if so many are meant, say so with task.dataset.{key}={count}, otherwise name fewer");
        }
    }

    /// <summary>Refuses planes that cannot be computed in the memory there is.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="images">The number of images that are computed at once.</param>
    /// <param name="device">The device that computes.</param>
    /// <exception cref="DataException">They cannot; the message has both numbers.</exception>
    public static void CheckMemory(Experiment experiment, long images, torch.Device device)
    {
        var (grid, lines) = (experiment.Optics.Grid, experiment.Optics.Waves.Count);
        // No less in any way: the field and its image for each example, and one padded plane.
        var needed = 8.0 * lines * (2.0 * images * grid.Size * grid.Size + (double)grid.PaddedSize * grid.PaddedSize);
        var free = DatasetFields.FreeMemory(device);
        if (needed > free)
        {
            throw new DataException(
                $"the model has planes of {grid.Size}×{grid.Size} samples, padded to {grid.PaddedSize}×{grid.PaddedSize}; {(images == 1 ? "one image" : $"{images} images at once")} would take {needed / Gibi:0.#} GiB of memory, "
                + $"and there are {free / Gibi:0.#}. It needs a larger machine");
        }
    }
}
