using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary>
/// An experiment file: what light, what processor, what levels, what task, how it is trained. The table of contents
/// of the library, and the only record that knows all its parts.
/// </summary>
[Extendable]
public sealed record Experiment : IChecked
{
    /// <summary>The name under which its runs are kept: letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>Everything random follows from it: starting heights, the order of the examples.</summary>
    [AtLeast(0), AtMost(int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>The device that computes: auto, cpu, cuda or cuda:N.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>The light, the medium, the sampling.</summary>
    public required OpticalSetting Optics { get; init; }

    /// <summary>The processor that is designed.</summary>
    public required ModelKind Model { get; init; }

    /// <summary>The quantizer, which makes its heights printable.</summary>
    public QuantizerKind Quantizer { get; init; } = new NoQuantizer();

    /// <summary>The task.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>Fabrication errors met while training.</summary>
    public PerturbationOptions Perturbation { get; init; } = new();

    /// <summary>The training.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The folder of the runs.</summary>
    public OutputOptions Output { get; init; } = new();

    /// <summary>
    /// Assemblies whose kinds may be chosen beside the library's own, by their paths; a relative one starts at this file's folder. They
    /// are loaded, and run with the rights of whoever runs the experiment, where the file is given on the command line, and for that file alone:
    /// of a base, a run or a model the key is not followed, and <c>--assembly</c> must name them.
    /// </summary>
    [LocalPath]
    public string[] Assemblies { get; init; } = [];

    /// <summary>Reads an experiment file. The assemblies that it names are not loaded: <see cref="KindAssemblies.LoadNamedIn"/> does that, for a file that is trusted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>key=value</c> with dotted paths.</param>
    /// <exception cref="ConfigurationException">It does not describe an experiment; the message has a line for each error.</exception>
    public static ConfigurationResult<Experiment> Read(string path, IReadOnlyList<string> overrides) => Read(path, overrides, mend: null);

    /// <summary>Reads an experiment file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>key=value</c> with dotted paths.</param>
    /// <param name="mend">What is done to the file's content before anything is laid over it; null leaves it.</param>
    internal static ConfigurationResult<Experiment> Read(string path, IReadOnlyList<string> overrides, Action<ConfigurationNode>? mend)
    {
        var read = ConfigurationReader.ReadFile<Experiment>(path, overrides, mend);
        return read with { Value = read.Value?.SelfContained() };
    }

    /// <summary>The same experiment with its level table written out where that stands in a file.</summary>
    public Experiment SelfContained() => Quantizer.Levels is { } levels && !ReferenceEquals(levels.Inlined(), levels)
        ? this with { Quantizer = Quantizer with { Levels = levels.Inlined() } }
        : this;

    /// <summary>Everything that can be said without training and without data.</summary>
    public IReadOnlyList<Finding> Examine() =>
        [
            .. Model.Examine(Optics, Quantizer.Levels),
            .. Task.Examine(Optics),
            .. Perturbation.Examine(Model.LayerCount, Model.HasFreeSpace),
            .. Perturbation.Errors.Length == 0 ? [] : Perturbation.ExamineAngles(Optics, Model.Material(Optics)),
            .. ExamineLevels(),
        ];

    /// <summary>The sizes of the plane, the masks, the object and the detector's regions.</summary>
    public IReadOnlyList<StatedSize> Sizes() =>
        [StatedSize.Of("plane", Optics.Grid.Size, Optics.Grid, $"samples of {Optics.Grid.PixelPitch}, padded to {Optics.Grid.PaddedSize}"), .. Model.Sizes(Optics), .. Task.Sizes(Optics)];

    /// <summary>For each layer the printable heights; null where there are none.</summary>
    public IReadOnlyList<LevelTable>? Levels => Quantizer.Levels?.Build(Model.Material(Optics), Model.LayerCount);

    /// <summary>A model of the experiment's geometry at printable levels.</summary>
    /// <param name="positions">float32, [L, n, n], level units.</param>
    /// <param name="levels">For each layer the printable heights, where training has learnt them; null takes those that the experiment describes.</param>
    /// <exception cref="InvalidOperationException">The experiment describes no levels, and none are given.</exception>
    public OpticalModel BuildQuantized(Tensor positions, IReadOnlyList<LevelTable>? levels = null) =>
        Model.BuildQuantized(Optics, levels ?? Levels ?? throw new InvalidOperationException("the experiment has no levels"), Quantizer, positions);

    /// <summary>The choices that were made for the user, in words: worth reading, nothing to mend.</summary>
    public IEnumerable<string> Notes => Model.Distances.SelectMany(Optics.Chosen);

    /// <summary>The remarks on the quantizer with its level tables; none where the model cannot be built at all.</summary>
    private IEnumerable<Finding> ExamineLevels()
    {
        if (Quantizer.Levels is not { } levels || Model.Material(Optics) is var material && material.Index == material.Wave.MediumIndex)
            yield break;
        var pixels = (long)Model.PrintedPixels(Optics) * Model.PrintedPixels(Optics) * Model.LayerCount;
        var tables = Levels!;
        var kinds = Enumerable.Range(0, Model.LayerCount).Select(levels.Of).ToArray();
        foreach (var remark in kinds.Select((kind, layer) => kind.Remark(tables[layer])).OfType<string>().Distinct(StringComparer.Ordinal))
            yield return new Finding(false, "quantizer.levels", remark);
        foreach (var remark in tables.Distinct().SelectMany(table => Quantizer.Examine(table, pixels)).Distinct())
            yield return new Finding(remark.IsError, $"quantizer.{remark.Key}", remark.Message);
    }

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (ProblemOfName(Name) is { } problem)
            yield return problem;
        if (Training.Refinement is not null && Quantizer is NoQuantizer)
            yield return new Problem("training.refinement", "the refinement moves pixels from level to level, and in full precision there are none; remove it, or choose a quantizer");
        if (Training.Refinement is not null && Perturbation.Errors.Length > 0)
            yield return new Problem("training.refinement", "the refinement looks at the design alone and would undo what training against fabrication errors has won; remove it, or the errors under perturbation");
        if (Quantizer is not NoQuantizer && Quantizer.Levels is null)
            yield return new Problem("quantizer", "the quantizer needs its level table, for example levels: { kind: cyclic, count: 4 }");
        if (Quantizer is { LearnsPositions: false, SwitchOn: not AtOnce })
            yield return new Problem("quantizer.switch_on", $"{KindNames.Of(Quantizer)} learns a choice of levels and no heights, so pixels that it is not switched on for would learn nothing; leave the key out");
        if (Quantizer.Levels?.Misfit(Model.LayerCount) is { } misfit)
            yield return new Problem("quantizer.levels", misfit);
    }

    /// <summary>The problem of a name that a folder will have; null when there is none.</summary>
    internal static Problem? ProblemOfName(string name) =>
        name.Length == 0 || name.StartsWith('.') || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            ? new Problem("name", $"'{name}' names a folder: use letters, digits, '-', '_' and '.', for example mnist-4-levels")
            : null;
}

/// <summary>The folder of runs.</summary>
public sealed record OutputOptions
{
    /// <summary>The folder in which each run has its own, <c>FOLDER/NAME/ID</c>; relative to the current folder.</summary>
    [LocalPath]
    public string Folder { get; init; } = "runs";

    /// <summary>Epochs from one checkpoint to the next.</summary>
    [AtLeast(1), AtMost(1_000_000)]
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>Minutes after which a checkpoint is written in the middle of an epoch; at the next step.</summary>
    [AtLeast(1e-9), AtMost(1_000_000)]
    public double CheckpointMinutes { get; init; } = 10;
}
