using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// A learnt Fourier filter: two lenses, and one mask behind a circular aperture in the plane between them, where each
/// spatial frequency of the object has its own place (a 4f system; Goodman, Introduction to Fourier Optics, section 8.1).
/// The filter plane has as many samples as the padded plane; the zero frequency lies at its middle sample. The image is
/// taken upright, although the lenses turn it over.
/// </summary>
[Kind("fourier_filter")]
public sealed record FourierFilterKind : ModelKind
{
    /// <summary>The focal length of both lenses, f. It fixes how large the filter is: the frequency ν lies λ·f·ν from the axis.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public required Length FocalLength { get; init; }

    /// <summary>The diameter of the circular aperture at the filter; null takes the widest circle in the filter plane.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public Length? Aperture { get; init; }

    /// <summary>The make of the filter. Its oversampling counts samples of the filter plane.</summary>
    public required MaskOptions Mask { get; init; }

    /// <inheritdoc/>
    public override int LayerCount => 1;

    /// <inheritdoc/>
    public override int PrintedPixels(OpticalSetting setting) => setting.Grid.PaddedSize / Mask.Oversampling;

    /// <inheritdoc/>
    public override bool HasFreeSpace => false;

    /// <inheritdoc/>
    public override ModulationKind Modulation => Mask.Modulation;

    /// <inheritdoc/>
    public override long[] PositionShape(OpticalSetting setting) => Mask.PositionShape(PrintedPixels(setting));

    /// <inheritdoc/>
    public override Length PrintedPitch(OpticalSetting setting) => SamplePitch(setting) * Mask.Oversampling;

    /// <inheritdoc/>
    public override Material Material(OpticalSetting setting) => Mask.Material(setting);

    /// <inheritdoc/>
    public override IEnumerable<StatedSize> Sizes(OpticalSetting setting)
    {
        var samples = setting.Grid.PaddedSize;
        yield return new StatedSize("filter plane", samples, (samples * SamplePitch(setting)).ToString(), $"{PrintedPixels(setting)} printed pixels of {PrintedPitch(setting)} a side");
    }

    /// <inheritdoc/>
    public override FourierFilter Build(OpticalSetting setting, IReadOnlyList<LevelTable>? levels, Generator generator)
    {
        using var scope = NewDisposeScope();
        var masks = new MaskStack(Mask.Continuous(setting, levels?[0]), Mask.Start(PrintedPixels(setting), generator).unsqueeze(0), new MaskFrame(Mask.Oversampling));
        masks.Confine();
        return Assemble(setting, masks);
    }

    /// <inheritdoc/>
    public override FourierFilter BuildQuantized(OpticalSetting setting, IReadOnlyList<LevelTable> levels, QuantizerKind quantizer, Tensor positions) =>
        Assemble(setting, MaskStack.Quantized(Material(setting), levels, quantizer, positions, new MaskFrame(Mask.Oversampling)));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting, LevelsKind? levels)
    {
        var samples = setting.Grid.PaddedSize;
        if (samples % Mask.Oversampling != 0)
            yield return new Finding(true, "model.mask.oversampling", $"a filter plane of {samples} samples cannot be cut into printed pixels of {Mask.Oversampling} samples; choose a divisor of {samples}");
        if (setting.Spectrum.Length > 0)
            yield return new Finding(true, "model.kind", "a Fourier filter is made for one wavelength, and the light has a spectrum: every wavelength would need a filter plane of its own; leave optics.spectrum out");
        if (Mask.Size is not null)
            yield return new Finding(true, "model.mask.size", "the filter is as large as the filter plane, and what bounds it is the aperture; set model.aperture instead");
        var width = samples * SamplePitch(setting);
        if (Aperture is { } aperture && aperture > width * (1 + 1e-9))
            yield return new Finding(true, "model.aperture", $"the aperture is {aperture} wide, the filter plane {width}: finer samples of the object would make it wider; choose at most {width}");
        foreach (var finding in Mask.Examine(setting, levels))
            yield return finding;
    }

    /// <summary>The pitch of the filter plane's samples, λ·f/(n·M·Δ).</summary>
    private Length SamplePitch(OpticalSetting setting) => FocalLength / (setting.Wave.Cutoff * setting.Grid.PaddedWidth.Metres);

    private FourierFilter Assemble(OpticalSetting setting, MaskStack masks)
    {
        var widest = setting.Grid.PaddedSize / 2.0;
        var radius = Aperture is { } aperture ? aperture / 2 / SamplePitch(setting) : widest;
        return new FourierFilter(setting.BuildPropagator(), FocalLength, radius, masks);
    }
}
