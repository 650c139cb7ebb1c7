using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Units;

namespace OpticalQAT.Checks;

/// <summary>Everything that can be said of an experiment without training it.</summary>
public sealed record Validation
{
    /// <summary>The experiment's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can run: no finding is an error.</summary>
    public bool IsValid => !Findings.Any(finding => finding.IsError);

    /// <summary>Errors and doubts, errors first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The widths of its planes and pixels, in samples and as a length.</summary>
    public IReadOnlyList<StatedSize> Sizes { get; init; } = [];

    /// <summary>The printable heights in micrometres, ascending; null where any height is, and where they differ from layer to layer.</summary>
    public double[]? LevelsUm { get; init; }

    /// <summary>The same for each layer, where they differ from layer to layer.</summary>
    public double[][]? LevelsUmOfLayers { get; init; }

    /// <summary>The height that delays by one wave, in micrometres.</summary>
    public double? OneWaveUm { get; init; }

    /// <summary>Whether each propagation between planes can be sampled.</summary>
    public IReadOnlyList<PropagationCheck> Propagation { get; init; } = [];

    /// <summary>The numbers of examples; null where the dataset cannot be read.</summary>
    public ExampleCounts? Examples { get; init; }

    /// <summary>Its memory and time; null where an error prevents the estimate.</summary>
    public TrainingEstimate? Estimate { get; init; }

    /// <summary>Its memory, from formulas; null where an error prevents the estimate, and where a GPU may compute.</summary>
    public MemoryEstimate? Memory { get; init; }

    /// <summary>Whether nothing was measured: no examples read, no steps timed.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Examines an experiment, reads its dataset and the model it starts from, and measures a few training steps on made-up examples.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="isQuick">Measures nothing, reads no examples, and does without libtorch: what is left is said at once.</param>
    /// <param name="cancellation">Stops the reading and the measuring.</param>
    /// <remarks>A missing dataset is a warning: a configuration may be written where the data are not. One that is there and cannot be read is an error.</remarks>
    /// <exception cref="Runtime.NativeRuntimeException">The native libraries or the device cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static Validation Of(Experiment experiment, bool isQuick = false, CancellationToken cancellation = default)
    {
        var findings = experiment.Examine().ToList();
        // Before anything is taken: the fields of the examples make do with what is left.
        if (!findings.Any(finding => finding.IsError) && MemoryEstimate.Of(experiment, null)?.Misfit(experiment, null) is { } misfit)
            findings.Add(misfit);
        if (findings.Any(finding => finding.IsError))
            return new Validation { Name = experiment.Name, Findings = ErrorsFirst(findings), IsQuick = isQuick };

        if (!isQuick)
            Runtime.NativeRuntime.Initialize();
        var examples = Count(experiment, findings, isQuick, cancellation);
        findings.AddRange(StartingPoint.Examine(experiment, isQuick));
        var torch = TorchPath.Of(experiment, isQuick);
        var memory = MemoryEstimate.Of(experiment, examples);
        if (memory?.Misfit(experiment, examples) is { } tooMuch)
            findings.Add(tooMuch);
        var estimate = isQuick || findings.Any(finding => finding.IsError) ? null : MemoryException.Explained(experiment, () => TrainingEstimate.Of(experiment, examples, torch?.Alternative, cancellation));
        if (torch is not null)
            findings.Add(torch.Finding(estimate?.FastPathFactor));
        var tables = experiment.Levels;
        var levels = tables?.Distinct().Select(Micrometres).ToArray();
        return new Validation
        {
            Name = experiment.Name,
            Findings = ErrorsFirst(findings),
            Sizes = experiment.Sizes(),
            LevelsUm = levels is [var same] ? same : null,
            LevelsUmOfLayers = levels is { Length: > 1 } ? [.. tables!.Select(Micrometres)] : null,
            OneWaveUm = Micrometres(experiment.Model.Material(experiment.Optics).OneWave.Metres),
            Propagation = [.. experiment.Model.Distances.SelectMany(z => experiment.Optics.Waves.Select(wave => Check(experiment.Optics, wave, z)))],
            Examples = examples,
            Memory = memory,
            Estimate = estimate,
            IsQuick = isQuick,
        };
    }

    /// <summary>Counts the examples, and looks whether they fit, for which they are read; where it is to be quick, their files' headers count.</summary>
    private static ExampleCounts? Count(Experiment experiment, List<Finding> findings, bool isQuick, CancellationToken cancellation)
    {
        var (dataset, request) = (experiment.Task.Dataset, new DataRequest(Splits.All, cancellation));
        Dataset data;
        try
        {
            if (isQuick)
                return Count(dataset, request, findings);
            data = dataset.Load(request);
            findings.AddRange(Remarks(data.Remarks));
        }
        catch (DataException unreadable)
        {
            findings.Add(new Finding(!unreadable.IsMissing, "task.dataset", unreadable.Message));
            return null;
        }
        try
        {
            using var task = experiment.Task.Build(experiment.Optics);
            task.CheckFits(data);
            findings.AddRange(DarkExamples.In(data).Select(dark => new Finding(false, "task.dataset", dark)));
        }
        catch (DataException unfit)
        {
            findings.Add(new Finding(true, "task.dataset", unfit.Message));
        }
        return ExampleCounts.Of(data);
    }

    private static ExampleCounts Count(DatasetKind dataset, DataRequest request, List<Finding> findings)
    {
        var outline = dataset.Outline(request);
        dataset.ThrowIfTooLarge(outline, request);
        findings.AddRange(Remarks(outline.Remarks));
        return new(outline.Train!.Count, outline.Validation!.Count, outline.Test!.Count);
    }

    private static IEnumerable<Finding> Remarks(IEnumerable<string> remarks) => remarks.Select(remark => new Finding(false, "task.dataset", remark));

    private static PropagationCheck Check(OpticalSetting optics, Wave wave, Length distance)
    {
        var choice = optics.Propagator.Choose(wave, optics.Grid, distance.Metres);
        return new PropagationCheck(
            distance.ToString(), Math.Round(distance.Metres * wave.Cutoff, 3), optics.Propagator.SamplingWarning(wave, optics.Grid, distance) is null,
            wave.Wavelength.ToString(), KindNames.Of(choice.Kind), choice.Reason);
    }

    private static IReadOnlyList<Finding> ErrorsFirst(IEnumerable<Finding> findings) => [.. findings.OrderByDescending(finding => finding.IsError)];

    private static double[] Micrometres(LevelTable table) => [.. table.Heights.ToArray().Select(Micrometres)];

    private static double Micrometres(double metres) => Math.Round(metres * 1e6, 6);
}

/// <summary>Whether a propagation between planes can be sampled.</summary>
/// <param name="Distance">The distance with its unit.</param>
/// <param name="Wavelengths">The same in wavelengths in the medium.</param>
/// <param name="IsSampled">Whether the propagator's kernel is sampled finely enough; if not, a finding says more.</param>
/// <param name="Wavelength">The light's wavelength in vacuum, with its unit.</param>
/// <param name="Propagator">The kind that computes it.</param>
/// <param name="Reason">The reason why that kind was chosen; null where there was no choice.</param>
public sealed record PropagationCheck(string Distance, double Wavelengths, bool IsSampled, string Wavelength, string Propagator, string? Reason);
