using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Training;

namespace OpticalQAT.Studies.Comparison;

/// <summary>
/// One run of a comparison. Its folder is named by a hash of everything that its result depends on, the model that it
/// starts from included, so that whoever asks for the same run again finds it, finished or not.
/// </summary>
public sealed class ComparisonCell
{
    private const int KeyLength = 12;

    // For as long as the records of a plan live: its cells share them, and a plan that is read anew looks at the files anew.
    private static readonly ConditionalWeakTable<DatasetKind, DatasetKind> Contents = [];

    private ComparisonCell(string folder, Experiment experiment, ComparisonCell? start)
    {
        var decisive = experiment with
        {
            Name = "cell",
            Device = Runtime.DeviceChoice.Auto,
            Output = new OutputOptions(),
            Task = experiment.Task with { Dataset = Contents.GetValue(experiment.Task.Dataset, dataset => dataset.ByContent()) },
            Training = experiment.Training with { StartFrom = start?.Key ?? ContentOf(experiment.Training.StartFrom) },
        };
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(LayerNumbers.Marked(ConfigurationWriter.Write(decisive, portable: false)))))[..KeyLength];
        Start = start;
        var name = $"{NameOf(experiment)}-{Key}";
        Path = System.IO.Path.Combine(folder, name);
        Experiment = experiment with { Name = name, Training = experiment.Training with { StartFrom = start?.Path ?? experiment.Training.StartFrom } };
    }

    /// <summary>Twelve hexadecimal digits that stand for everything the result depends on.</summary>
    public string Key { get; }

    /// <summary>The run's folder.</summary>
    public string Path { get; }

    /// <summary>The experiment that is run.</summary>
    public Experiment Experiment { get; }

    /// <summary>The cell whose model it starts from; null for one that starts from its initial heights.</summary>
    public ComparisonCell? Start { get; }

    /// <summary>The cost of the cell against others: its epochs, and one for everything around them.</summary>
    public int Weight => 1 + Experiment.Training.FullPrecision.Epochs + Experiment.Training.Quantized.Epochs;

    /// <summary>The run as far as it has come; null before it was begun.</summary>
    public RunDirectory? Find() => RunDirectory.Open(Path);

    /// <summary>Phase one alone: the full-precision model that all of a seed start from.</summary>
    /// <param name="folder">The folder of the cells.</param>
    /// <param name="experiment">The setting.</param>
    /// <param name="seed">The seed.</param>
    public static ComparisonCell OfStart(string folder, Experiment experiment, int seed) => new(folder, experiment with
    {
        Seed = seed,
        Quantizer = new NoQuantizer { Levels = BoundsOf(experiment) },
        Training = experiment.Training with { Quantized = new PhaseOptions { Epochs = 0 }, Refinement = null },
    }, null);

    /// <summary>Phase two alone, from that model.</summary>
    public static ComparisonCell OfPhaseTwo(string folder, Experiment experiment, int seed) => new(folder, experiment with
    {
        Seed = seed,
        Training = experiment.Training with { FullPrecision = new PhaseOptions { Epochs = 0 } },
    }, OfStart(folder, experiment, seed));

    /// <summary>The model of another cell rounded to a level table; nothing is trained.</summary>
    /// <param name="folder">The folder of the cells.</param>
    /// <param name="source">The cell whose model is rounded.</param>
    /// <param name="levels">The table.</param>
    public static ComparisonCell OfRounding(string folder, ComparisonCell source, LevelsKind levels) => new(folder, source.Experiment with
    {
        Quantizer = new NoQuantizer { Levels = levels },
        Training = source.Experiment.Training with { FullPrecision = new PhaseOptions { Epochs = 0 }, Quantized = new PhaseOptions { Epochs = 0 } },
    }, source);

    /// <summary>The table that confines heights in full precision, too; null where every mask's circle closes.</summary>
    public static LevelsKind? BoundsOf(Experiment experiment) => experiment.Levels?.Any(table => table.Period is null) is true ? experiment.Quantizer.Levels : null;

    /// <summary>A digest of the model that training starts from, in place of its path; the path itself where there is none, which training then reports.</summary>
    private static string? ContentOf(string? path)
    {
        var file = Directory.Exists(path) ? System.IO.Path.Combine(path, "model.safetensors") : path;
        return File.Exists(file) ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) : path;
    }

    // Follows from what is run and nothing else: cells of one key have one name.
    private static string NameOf(Experiment experiment)
    {
        var levels = experiment.Levels is { } tables ? $"-{string.Join('-', tables.Select(table => table.Count).Distinct())}-levels" : string.Empty;
        var training = experiment.Training;
        var what = experiment.Quantizer is not NoQuantizer ? $"{levels}-{KindNames.Of(experiment.Quantizer)}-{experiment.Quantizer.Gradient.ToString().ToLowerInvariant()}"
            : training.Quantized.Epochs > 0 ? "-full_precision"
            : training.FullPrecision.Epochs > 0 || levels.Length == 0 ? "-start"
            : levels + "-rounded";
        return $"seed-{experiment.Seed}{what}";
    }
}
