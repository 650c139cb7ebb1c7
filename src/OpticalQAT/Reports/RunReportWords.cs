using System.Globalization;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;

namespace OpticalQAT.Reports;

/// <summary>The words of a run's report: what was trained on what, the set-up, the machine.</summary>
internal sealed class RunReportWords(RunDirectory directory, TrainedModel model, RunRecord record)
{
    private readonly Experiment _experiment = model.Experiment;

    /// <summary>One sentence: what was trained, on what.</summary>
    public string Description(DataDigest? data)
    {
        var pixels = _experiment.Model.PrintedPixels(_experiment.Optics);
        var (task, dataset) = (KindNames.Of(_experiment.Task).Replace('_', ' '), KindNames.Of(_experiment.Task.Dataset).Replace('_', ' '));
        var masks = model.Network.Masks.Count == 1 ? "one printed mask" : $"{model.Network.Masks.Count} printed masks";
        return $"A {task} processor of {masks} of {pixels}×{pixels} pixels, "
            + (Levels is not { } levels ? "in full precision, " : $"each pixel at one of {string.Join(", ", levels.Select(table => table.Count))} heights, ")
            + (data is null
                ? $"trained on examples of {dataset}."
                : $"trained on {Count(data.Train.Count)} examples of {dataset} and tested on {Count(data.Test.Count)} others.");
    }

    /// <summary>The set-up, each value with its unit.</summary>
    public KeyValuePair<string, string>[] Setup(DataDigest? data)
    {
        var optics = _experiment.Optics;
        var material = model.Network.Masks.Material;
        List<KeyValuePair<string, string>> rows =
        [
            new("Wavelength", optics.Spectrum.Length == 0 ? optics.Wavelength.ToString() : $"designed for {optics.Wavelength}, lit by {Spectrum()}"),
            new("Planes", $"{optics.Grid.Size}×{optics.Grid.Size} samples of {optics.Grid.PixelPitch}, {optics.Grid.Width} wide"),
            new("Sizes", string.Join("; ", _experiment.Sizes().Skip(1).Select(size => $"{size.What} {size.Length}, {size.Remark}"))),
            new("Distances", string.Join(", ", model.Network.Gaps)),
            new("Propagation", _experiment.Model.HasFreeSpace ? KindNames.Of(optics.Propagator) : "two lenses, the mask between them"),
            new("Material", !_experiment.Model.Modulation.HasMaterial ? $"none, masks of {KindNames.Of(_experiment.Model.Modulation)}; heights stand for optical paths, one wave is {Microns(material.OneWave.Metres)}" : string.Create(CultureInfo.InvariantCulture, $"index {material.Index} in {material.Wave.MediumIndex}, extinction {material.Extinction}; one wave is {Microns(material.OneWave.Metres)} high")),
            new("Levels", Levels is not { } levels ? "any height" : string.Join("; ", levels.Select(Describe))),
            new("Quantizer", KindNames.Of(_experiment.Quantizer) + (model.IsQuantized ? $", gradient by {ConfigurationKey.NameOf(_experiment.Quantizer.Gradient.ToString())}" : "")),
        ];
        if (data is not null)
            rows.Add(new("Examples", $"{Count(data.Train.Count)} to train, {Count(data.Validation.Count)} to choose by, {Count(data.Test.Count)} to test"));
        if (record.Summary is { } summary)
            rows.Add(new("Training", string.Create(CultureInfo.InvariantCulture, $"{summary.Epochs.FullPrecision} + {summary.Epochs.Quantized} epochs, {summary.Steps:N0} steps, {summary.Seconds:N0} s, {summary.ImagesPerSecond:N0} images a second")));
        return [.. rows];
    }

    private string Spectrum() =>
        string.Join(", ", _experiment.Optics.Spectrum.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Wavelength} (weight {line.Weight})")));

    /// <summary>The machine on which the run was computed, which need not be that on which its report is made.</summary>
    public KeyValuePair<string, string>[] Environment()
    {
        if (RunEnvironment.Read(directory) is not { Runtime: var runtime } environment)
            return [];
        return
        [
            new("OpticalQAT", runtime.OpticalQat),
            new("Computed on", $"{environment.Device}, {environment.Threads} {(environment.Threads == 1 ? "thread" : "threads")}"),
            new("Processor", runtime.Cpu ?? "unknown"),
            new("TorchSharp", runtime.TorchSharp),
            new("libtorch", runtime.LibTorch ?? "unknown"),
            new(".NET", runtime.DotNet),
            new("System", runtime.OperatingSystem),
            new("Started", environment.Started.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The level tables of the layers, those that say the same once; null in full precision.</summary>
    private LevelTable[]? Levels => model.IsQuantized
        ? [.. model.Network.Masks.Tables!.DistinctBy(Describe, StringComparer.Ordinal)]
        : null;

    private static string Describe(LevelTable levels) =>
        string.Join(", ", levels.Heights.ToArray().Take(16).Select(Microns)) + (levels.Count > 16 ? ", …" : "");

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Microns(double metres) => string.Create(CultureInfo.InvariantCulture, $"{metres * 1e6:0.###} µm");
}
