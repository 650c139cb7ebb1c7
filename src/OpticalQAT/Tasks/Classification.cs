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
    /// <summary>How an image enters the light.</summary>
    public EncodingKind Encoding { get; init; } = new AmplitudeEncoding();

    /// <summary>Where the light is collected.</summary>
    public required DetectorKind Detector { get; init; }

    /// <inheritdoc/>
    public override ClassificationTask Build(OpticalSetting setting) => new(this, setting.Grid);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting)
    {
        var grid = setting.Grid;
        var pixels = Encoding.ObjectPixels(grid);
        if (pixels < 1 || pixels > grid.Size)
            yield return new Finding(true, "task.encoding.size", $"the object is {pixels} samples wide, the plane {grid.Size}; choose a size of at most {grid.Width}");
        string? problem = null;
        try
        {
            _ = Detector.Layout(grid);
        }
        catch (ArgumentException unfit)
        {
            problem = unfit.Message;
        }
        if (problem is not null)
            yield return new Finding(true, "task.detector", problem);
    }
}

/// <summary>The classification task on a grid.</summary>
public sealed class ClassificationTask : LearningTask
{
    private readonly Classification _options;
    private readonly Grid _grid;
    private readonly PerDevice _windows;

    [ComponentName(Name = "log_gain")]
    private readonly Parameter _logGain;

    /// <summary>A task.</summary>
    public ClassificationTask(Classification options, Grid grid) : base(nameof(ClassificationTask))
    {
        _options = options;
        _grid = grid;
        _windows = new PerDevice(() => options.Detector.Windows(grid));
        _logGain = new Parameter(tensor((float)Math.Log(options.Detector.Gain)), requires_grad: options.Detector.LearnGain);
        _logGain.DetachFromDisposeScope();
        Regions = options.Detector.Layout(grid);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override string Score => "accuracy";

    /// <summary>The detector, which makes signals of powers.</summary>
    public DetectorKind Detector => _options.Detector;

    /// <summary>The detector regions.</summary>
    public IReadOnlyList<DetectorRegion> Regions { get; }

    /// <inheritdoc/>
    public override void CheckFits(Dataset data)
    {
        if (data.Train.HasPhases)
            throw new DataException("the dataset holds phases in radians, and this task takes images; set task.kind=phase_imaging, or choose a dataset of images");
        if (data.ClassNames.Length == 0)
            throw new DataException("the dataset has no classes; choose one whose examples are labelled");
        var (given, wanted) = (_options.Detector.ClassCount, data.ClassNames.Length);
        if (given != wanted)
            throw new DataException($"the dataset has {wanted} classes, the detector {given}; set task.detector.{_options.Detector.ClassCountKey}={wanted}");
    }

    /// <inheritdoc/>
    public override Tensor Encode(Split examples) => _options.Encoding.Encode(examples.Images, _grid);

    /// <inheritdoc/>
    public override Tensor Targets(Split examples) => examples.Labels.alias();

    /// <summary>The power in each detector region.</summary>
    /// <param name="output">complex64, [B, N, N].</param>
    /// <returns>float32, [B, regions].</returns>
    public Tensor Powers(Tensor output)
    {
        using var scope = NewDisposeScope();
        return Field.Intensity(output).flatten(start_dim: 1).matmul(_windows.On(output.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The scores that enter the cross-entropy: gain · signals.</summary>
    /// <param name="signals">The detector's, [B, classes].</param>
    public Tensor Scores(Tensor signals)
    {
        using var scope = NewDisposeScope();
        return (signals * _logGain.exp()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor output, Tensor targets, Tensor entered)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(Scores(Detector.Signals(Powers(output))), targets).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override ClassificationMeasurement Measure() => new(this);
}
