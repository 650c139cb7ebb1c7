using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Tasks;

/// <summary>What light there is around the object.</summary>
public enum Surround
{
    /// <summary>The same plane wave that passes the object: it lies on a clear slide that is lit all over.</summary>
    Light,

    /// <summary>None: the object fills an aperture.</summary>
    Dark,
}

/// <summary>
/// All-optical quantitative phase imaging: a clear object of phase φ turns the light into exp(iφ), and the intensity
/// behind the processor, times a learnt scale plus a learnt bias, is to be φ/φ_max, sample by sample, in the square of
/// the output plane where the object stands in the input plane. What falls outside that square is not looked at.
/// </summary>
[Kind("phase_imaging")]
public sealed record PhaseImaging : TaskKind
{
    /// <summary>φ_max: the phase of a white pixel, and the phase that the output shows as 1. Data that hold phases themselves must not exceed it.</summary>
    [Above(0)]
    public Angle PhaseMaximum { get; init; } = new(Math.PI);

    /// <summary>Samples a side of the object, and of its image. Examples of another size are resampled: bilinear where they are smaller, by means of areas where they are larger.</summary>
    [AtLeast(StructuralSimilarity.Window)]
    public required int ObjectSamples { get; init; }

    /// <summary>The light around the object.</summary>
    public Surround Surround { get; init; } = Surround.Light;

    /// <summary>What is minimised: one loss, or a list of them with their weights.</summary>
    public OneOrMany<ImagingLossKind> Loss { get; init; } = new(new ReversedHuberLoss());

    /// <inheritdoc/>
    public override PhaseImagingTask Build(OpticalSetting setting) => new(this, setting.Grid);

    /// <inheritdoc/>
    public override IEnumerable<StatedSize> Sizes(OpticalSetting setting) =>
        [StatedSize.Of("object", ObjectSamples, setting.Grid, $"in the middle of the plane, {(Surround == Surround.Light ? "light" : "darkness")} around it; its image as large in the output plane")];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting)
    {
        if (ObjectSamples > setting.Grid.Size)
            yield return new Finding(true, "task.object_samples", $"the object is {ObjectSamples} samples wide, the plane {setting.Grid.Size}; choose at most {setting.Grid.Size}");
        if (setting.Spectrum.Length > 0)
            yield return new Finding(true, "task.kind", "phase_imaging takes light of one wavelength, of which the object's phase is said; leave optics.spectrum out");
        if (Loss.Values.Count == 0)
            yield return new Finding(true, "task.loss", "the list of losses is empty; name at least one, for example loss: { kind: reversed_huber }");
    }
}
