using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// Telling classes of images apart by where the light goes. The detector makes a signal for each class of the powers in
/// its regions, and the highest signal wins; times a gain they enter a cross-entropy.
/// </summary>
[Kind("classification")]
public sealed record Classification : TaskKind
{
    /// <summary>The encoding of an image in the light.</summary>
    public EncodingKind Encoding { get; init; } = new AmplitudeEncoding();

    /// <summary>The detector, which collects the light.</summary>
    public required DetectorKind Detector { get; init; }

    /// <summary>The terms added to the cross-entropy for the sake of the light.</summary>
    public LightTerms Loss { get; init; } = new();

    /// <summary>Digital electronics behind the detector; by default there are none, and the processor is all-optical.</summary>
    public ReadoutKind Readout { get; init; } = new NoReadout();

    /// <inheritdoc/>
    public override ClassificationTask Build(OpticalSetting setting) => new(this, setting);

    /// <inheritdoc/>
    public override IEnumerable<StatedSize> Sizes(OpticalSetting setting)
    {
        var grid = setting.Grid;
        var (left, top, pixels) = Encoding.ObjectPlace(grid);
        yield return StatedSize.Of("object", pixels, grid, $"columns {left} to {left + pixels - 1}, rows {top} to {top + pixels - 1}");
        if (Encoding.Aperture is { } aperture)
            yield return StatedSize.Of("aperture", aperture.Samples(grid), grid, $"{ConfigurationKey.NameOf(aperture.Shape.ToString())}, in the input plane");
        var regions = Detector.Layout(grid);
        yield return StatedSize.Of("detector", regions.Max(r => r.Left + r.Width) - regions.Min(r => r.Left), grid,
            $"{regions.Length} regions of {regions[0].Width}×{regions[0].Height} samples, {grid.LengthOf(regions[0].Width)} by {grid.LengthOf(regions[0].Height)}");
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting)
    {
        var grid = setting.Grid;
        var (left, top, pixels) = Encoding.ObjectPlace(grid);
        if (pixels < 1 || pixels > grid.Size)
            yield return new Finding(true, "task.encoding.size", $"the object is {pixels} samples wide, the plane {grid.Size}; choose a size of at most {grid.Width}");
        else if (left < 0 || top < 0 || left + pixels > grid.Size || top + pixels > grid.Size)
            yield return new Finding(true, "task.encoding.position", $"the object of {pixels} samples reaches over the edge of the plane of {grid.Size}; place its middle at most {grid.LengthOf((grid.Size - pixels) / 2)} from the axis");
        if (Encoding.Aperture is { } aperture && (aperture.Samples(grid) < 1 || aperture.Samples(grid) > grid.Size))
            yield return new Finding(true, "task.encoding.aperture.size", $"the aperture is {aperture.Samples(grid)} samples wide, the plane {grid.Size}; choose a size of at most {grid.Width}");
        if (Misfit(grid) is { } misfit)
            yield return new Finding(true, "task.detector", misfit);
    }

    /// <summary>The reason why the detector's regions cannot stand in the plane; null where they can.</summary>
    private string? Misfit(Grid grid)
    {
        DetectorRegion[] regions;
        try
        {
            regions = Detector.Layout(grid);
        }
        catch (ArgumentException unfit)
        {
            return unfit.Message;
        }
        var (width, height) = (regions.Max(r => r.Left + r.Width) - regions.Min(r => r.Left), regions.Max(r => r.Top + r.Height) - regions.Min(r => r.Top));
        if (regions.Any(r => r.Left < 0 || r.Top < 0 || r.Left + r.Width > grid.Size || r.Top + r.Height > grid.Size))
            return $"the regions spread over {grid.LengthOf(width)} by {grid.LengthOf(height)}, the plane is {grid.Width} wide; choose a smaller region_size or region_spacing";
        var overlapping = regions.Index().FirstOrDefault(r => regions.Take(r.Index).Any(r.Item.Overlaps));
        return overlapping.Index == 0 ? null
            : $"two regions share samples: one of {grid.LengthOf(regions[0].Width)} by {grid.LengthOf(regions[0].Height)} is wider than the distance to the next; choose a smaller region_size or a larger region_spacing";
    }
}

/// <summary>The classification task on a grid.</summary>
public sealed class ClassificationTask : LearningTask
{
    /// <summary>The share of examples that the light alone tells right: the class of the highest signal.</summary>
    public static Metric Accuracy { get; } = new("accuracy", MetricUnit.Fraction, HigherIsBetter: true) { IsCounted = true };

    /// <summary>The share that light and read-out together tell right; only there where there is a read-out.</summary>
    public static Metric HybridAccuracy { get; } = new("hybrid_accuracy", MetricUnit.Fraction, HigherIsBetter: true) { IsCounted = true };

    /// <summary>The lead of the strongest class over the next.</summary>
    public static Metric Contrast { get; } = new("contrast", MetricUnit.Number, HigherIsBetter: true);

    private readonly Classification _options;
    private readonly OpticalSetting _setting;
    private readonly RegionPowers _powers;

    [ComponentName(Name = "log_gain")]
    private readonly Parameter _logGain;

    [ComponentName(Name = "digital")]
    private readonly Readout? _readout;

    /// <summary>A task.</summary>
    public ClassificationTask(Classification options, OpticalSetting setting) : base(nameof(ClassificationTask))
    {
        _options = options;
        _setting = setting;
        _powers = new RegionPowers(options.Detector, setting.Grid);
        _logGain = new Parameter(tensor((float)Math.Log(options.Detector.Gain)), requires_grad: options.Detector.LearnGain);
        _logGain.DetachFromDisposeScope();
        _readout = options.Readout.Build(Regions.Count, options.Detector.ClassCount);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => IsHybrid ? [Accuracy, Metric.Loss, Metric.Efficiency, Contrast, HybridAccuracy] : [Accuracy, Metric.Loss, Metric.Efficiency, Contrast];

    /// <inheritdoc/>
    public override Metric Score => IsHybrid ? HybridAccuracy : Accuracy;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> KeptScores => IsHybrid ? [HybridAccuracy, Accuracy] : [Accuracy];

    /// <inheritdoc/>
    public override IEnumerable<string> Remarks => _readout is null ? [] :
        [$"A digital read-out of {_readout.ParameterCount} parameters works behind the detector. Hybrid accuracy is what the two answer together; accuracy is what the light alone would."];

    /// <summary>Whether electronics stand behind the detector.</summary>
    public bool IsHybrid => _readout is not null;

    /// <summary>The detector, which makes signals of powers.</summary>
    public DetectorKind Detector => _options.Detector;

    /// <summary>The detector regions.</summary>
    public IReadOnlyList<DetectorRegion> Regions => _powers.Regions;

    /// <inheritdoc/>
    public override bool HasClasses => true;

    /// <inheritdoc/>
    public override void CheckFits(Dataset data, bool isTrained = false)
    {
        if (data.Read.Any(part => part.Examples.HasPhases))
            throw new DataException($"the dataset holds phases in radians, and this task takes images; {(isTrained ? string.Empty : "set task.kind=phase_imaging, or ")}choose a dataset of images");
        if (data.ClassNames.Length == 0)
            throw new DataException("the dataset has no classes; choose one whose examples are labelled");
        var (given, wanted) = (_options.Detector.ClassCount, data.ClassNames.Length);
        if (given != wanted)
            throw new DataException($"the dataset has {wanted} classes, the detector {given}; {(isTrained ? $"choose a dataset of {given} classes" : $"set task.detector.{_options.Detector.ClassCountKey}={wanted}")}");
    }

    /// <inheritdoc/>
    public override Tensor Encode(Examples examples) =>
        _setting.Illuminate(times => _options.Encoding.InShorterLight(times).Encode(examples.Images, _setting.Grid));

    /// <inheritdoc/>
    public override Tensor Targets(Examples examples) => examples.Labels.alias();

    /// <summary>The power in each detector region.</summary>
    /// <param name="output">complex64, [B, N, N].</param>
    /// <returns>float32, [B, regions].</returns>
    public Tensor Powers(Tensor output) => _powers.Of(output);

    /// <summary>The scores that enter the cross-entropy: gain · signals, and what a read-out adds to them.</summary>
    /// <param name="light">The light that the detector saw of B examples.</param>
    /// <returns>float32, [B, classes].</returns>
    public Tensor Scores(DetectedLight light)
    {
        using var scope = NewDisposeScope();
        var optical = light.Signals * _logGain.exp();
        return (_readout is null ? optical : optical + _readout.forward(light.Powers)).MoveToOuterDisposeScope();
    }

    /// <summary>The light that the detector sees.</summary>
    /// <param name="output">The light of B examples at the output plane.</param>
    public DetectedLight Detect(Output output)
    {
        var powers = output.Read(Powers(output.Field));
        return new DetectedLight(Detector, powers, Detector.Signals(powers), output.Entered);
    }

    /// <inheritdoc/>
    public override Tensor Loss(Output output, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return Losses(Detect(output), targets, output.Progress).mean().MoveToOuterDisposeScope();
    }

    /// <summary>The loss of each example: the cross-entropy, and the terms that are asked for.</summary>
    /// <returns>float32, [B].</returns>
    internal Tensor Losses(DetectedLight light, Tensor targets, double progress)
    {
        using var scope = NewDisposeScope();
        var crossEntropy = nn.functional.cross_entropy(Scores(light), targets, reduction: nn.Reduction.None);
        var terms = _options.Loss.Of(light, targets, progress);
        return (terms is null ? crossEntropy : crossEntropy + terms).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Uncertainties(Output output)
    {
        using var scope = NewDisposeScope();
        return (1 - Scores(Detect(output)).softmax(1).square().sum(dim: 1L)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The curvature of a cross-entropy by its scores is diag(p) - p·pᵀ = Σ over classes k of p(k)·(e(k) - p)(e(k) - p)ᵀ, so
    /// the factors are √p(k)·(s(k) - Σ p·s) with p held. Only the most likely classes matter.
    /// </remarks>
    public override Tensor CurvatureFactors(Output output, Tensor targets)
    {
        const int MostLikely = 3;
        const float Least = 1e-4f;
        using var scope = NewDisposeScope();
        var scores = Scores(Detect(output)).squeeze(0);
        var p = scores.detach().softmax(0);
        var factors = p.sqrt() * (scores - (p * scores).sum());
        var likely = p.topk((int)Math.Min(MostLikely, p.shape[0])).indexes;
        var chosen = likely.masked_select((p * (1 - p)).index_select(0, likely).gt(Least));
        return factors.index_select(0, chosen).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void TakeOver(LearningTask given)
    {
        if (given is not ClassificationTask { _readout: { } source } || _readout is null)
            return;
        var (mine, theirs) = (_readout.state_dict(), source.state_dict());
        if (mine.Count == theirs.Count && mine.All(entry => theirs.TryGetValue(entry.Key, out var tensor) && tensor.shape.SequenceEqual(entry.Value.shape)))
            _readout.load_state_dict(theirs);
    }

    /// <inheritdoc/>
    public override ClassificationMeasurement Measure() => new(this);

    /// <inheritdoc/>
    public override Illustration Illustrate(Measurement measured, Dataset data, IShownModel model) =>
        new ClassificationIllustration(this, data, model).Of((ClassificationMeasurement)measured);
}
