using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Tasks;

/// <summary>The light around the object.</summary>
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
    [AtLeast(1e-6), AtMost(1000)]
    public Angle PhaseMaximum { get; init; } = new(Math.PI);

    /// <summary>Samples a side of the object, and of its image. Examples of another size are resampled: bilinear where they are smaller, by means of areas where they are larger.</summary>
    [AtLeast(StructuralSimilarity.Window), AtMost(16384)]
    public required int ObjectSamples { get; init; }

    /// <summary>The light around the object.</summary>
    public Surround Surround { get; init; } = Surround.Light;

    /// <summary>The loss that is minimised: one, or a list of them with their weights.</summary>
    public OneOrMany<ImagingLossKind> Loss { get; init; } = new(new ReversedHuberLoss());

    /// <summary>
    /// The factor of the intensity, in units of the intensity that lights the object; where it is learnt, its
    /// initial value. A large scale asks for little light in the image, which masks of few levels cannot darken well enough;
    /// a small one asks for efficiency.
    /// </summary>
    [AtLeast(1e-9), AtMost(1e9)]
    public double Scale { get; init; } = 1;

    /// <summary>Whether the scale is learnt along with the masks; the bias always is.</summary>
    public bool LearnScale { get; init; } = true;

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
