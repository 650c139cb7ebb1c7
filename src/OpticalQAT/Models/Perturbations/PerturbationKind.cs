using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Schedules;
using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// A fabrication error. What it does to a device is drawn: a kind adds its share to a <see cref="DeviceErrors"/>, scaled by
/// a strength, and draws the same numbers whatever the strength, so that a curve over strengths follows one device.
/// </summary>
[Family("perturbation")]
public abstract record PerturbationKind : Variant
{
    /// <summary>The factor of the error as a phase of training goes on; evaluation leaves it at 1.</summary>
    [AtLeast(0), AtMost(1000)]
    public Schedule Schedule { get; init; } = new Constant();

    /// <summary>Whether it changes the light before the first mask.</summary>
    public virtual bool ReachesInput => false;

    /// <summary>Whether it changes the propagation through the free space between planes.</summary>
    public virtual bool ChangesFreeSpace => ReachesInput;

    /// <summary>The size at strength 1; it grows with the strength in proportion.</summary>
    public abstract ErrorSize Size { get; }

    /// <summary>Whether devices differ in it; what is the same for all of them need be computed once.</summary>
    public virtual bool IsDrawn => true;

    /// <summary>Draws the error and adds it to a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="strength">What the error is multiplied by; 0 is none.</param>
    /// <param name="draw">The numbers that are this error's on this device.</param>
    public abstract void AddTo(DeviceErrors device, double strength, Draw draw);

    /// <summary>The problems of fitting it to a model of so many layers.</summary>
    public virtual IEnumerable<Problem> Examine(int layers) => [];

    /// <summary>The angle by which it bends light aside, and what the grid carries; null where it bends nothing.</summary>
    public virtual SteepAngle? Steepest(OpticalSetting setting, Material material) => null;
}

/// <summary>An error of the printed layers, of all or of some of them.</summary>
public abstract record LayerError : PerturbationKind
{
    /// <summary>The layers that have it, counted from 1 in layer order; null is all of them. Each layer draws its own.</summary>
    [AtLeast(1), AtMost(1000)]
    public int[]? Layers { get; init; }

    /// <summary>Whether the layer of an index, 0 for layer 1, has the error.</summary>
    protected bool Has(int layer) => Layers is null || Layers.Contains(layer + 1);

    /// <summary>Values of all layers, [layers, …], set to 0 where a layer does not have the error.</summary>
    protected Tensor OnChosen(Tensor values) => Layers is null
        ? values
        : values * tensor([.. Enumerable.Range(0, (int)values.shape[0]).Select(layer => Has(layer) ? 1f : 0f)]).view(-1, 1, 1);

    /// <inheritdoc/>
    public override IEnumerable<Problem> Examine(int layers) => Layers is { } chosen && chosen.Any(layer => layer < 1 || layer > layers)
        ? [new Problem("layers", $"the layers [{string.Join(", ", chosen)}] must lie between 1 and {layers}, the layers of the model")]
        : [];
}

/// <summary>The meaning of an amount.</summary>
public enum ErrorDistribution
{
    /// <summary>Evenly between minus and plus the amount.</summary>
    Uniform,

    /// <summary>Normal, the amount is its standard deviation.</summary>
    Normal,

    /// <summary>Exactly the amount: of either sign, or for a shift in any direction.</summary>
    Fixed,
}
