using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>Masks one behind the other, with free space before, between and behind (Lin et al., Science 361, 1004, 2018).</summary>
[Kind("diffractive_network")]
public sealed record DiffractiveNetworkKind : ModelKind, IChecked
{
    /// <summary>The number of masks.</summary>
    [AtLeast(1), AtMost(1000)]
    public required int Layers { get; init; }

    /// <summary>The distances between the planes.</summary>
    public required Spacing Spacing { get; init; }

    /// <summary>The make of the masks.</summary>
    public required MaskOptions Mask { get; init; }

    /// <summary>Layers that are not learnt, counted from 1 in layer order: they stay as they start, or as the model that training starts from has them.</summary>
    [AtLeast(0), AtMost(1000)] // 0 is answered by Check, which says what the list would be now
    public int[] Frozen { get; init; } = [];

    /// <inheritdoc/>
    public override int LayerCount => Layers;

    /// <inheritdoc/>
    public override IEnumerable<Length> Distances => (Layers == 1 ? new[] { Spacing.Input, Spacing.Output } : [Spacing.Input, Spacing.Between, Spacing.Output]).Distinct();

    /// <inheritdoc/>
    public override int PrintedPixels(OpticalSetting setting) => Mask.Pixels(setting.Grid);

    /// <inheritdoc/>
    public override ModulationKind Modulation => Mask.Modulation;

    /// <inheritdoc/>
    public override long[] PositionShape(OpticalSetting setting) => Mask.PositionShape(PrintedPixels(setting));

    /// <inheritdoc/>
    public override Length PrintedPitch(OpticalSetting setting) => Mask.Pitch(setting.Grid);

    /// <inheritdoc/>
    public override Material Material(OpticalSetting setting) => Mask.Material(setting);

    /// <inheritdoc/>
    public override IEnumerable<StatedSize> Sizes(OpticalSetting setting)
    {
        var (pixels, frame) = (PrintedPixels(setting), Mask.Frame(setting.Grid));
        var surround = frame.Margin == 0 ? "" : $", in the middle of the plane, {(frame.Surround == MaskSurround.Opaque ? "opaque" : "transparent")} outside";
        yield return StatedSize.Of("mask", pixels * Mask.Oversampling, setting.Grid, $"{pixels} printed pixels of {Mask.Pitch(setting.Grid)} a side{surround}");
    }

    /// <inheritdoc/>
    public override DiffractiveNetwork Build(OpticalSetting setting, IReadOnlyList<LevelTable>? levels, Generator generator)
    {
        using var scope = NewDisposeScope();
        var n = PrintedPixels(setting);
        var start = stack(Enumerable.Range(0, Layers).Select(_ => Mask.Start(n, generator)));
        var masks = levels is null
            ? new MaskStack(Mask.Continuous(setting, null), start, Mask.Frame(setting.Grid), FrozenIndices)
            : new MaskStack(MaskStack.Grouped(levels, FrozenIndices, (table, _) => Mask.Continuous(setting, table)), start, Mask.Frame(setting.Grid), FrozenIndices);
        masks.Confine();
        return Assemble(setting, masks);
    }

    /// <inheritdoc/>
    public override DiffractiveNetwork BuildQuantized(OpticalSetting setting, IReadOnlyList<LevelTable> levels, QuantizerKind quantizer, Tensor positions) =>
        Assemble(setting, MaskStack.Quantized(Material(setting), levels, quantizer, positions, Mask.Frame(setting.Grid), FrozenIndices));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting, LevelsKind? levels)
    {
        if (Mask.Misfit(setting.Grid) is { } misfit)
            yield return misfit;
        if (Frozen.Where(layer => layer > Layers).ToArray() is [var none, ..])
            yield return new Finding(true, "model.frozen", $"there is no layer {none}: the {Layers} layers are counted from 1 to {Layers}");
        else if (Frozen.Distinct().Count() == Layers)
            yield return new Finding(true, "model.frozen", "every layer is frozen, so that there is nothing to learn; leave at least one out");
        var ofMask = Mask.Examine(setting, levels).ToArray();
        foreach (var finding in ofMask)
            yield return finding;
        if (ofMask.Length > 0)
            yield break;
        foreach (var distance in Distances)
        {
            if (SamplingWarning(setting, distance) is { } warning)
                yield return new Finding(false, "optics.propagator", warning);
        }
        if (Mask.Modulation.HasMaterial && ThicknessWarning(setting, levels?.Build(Material(setting), Layers)) is { } tall)
            yield return new Finding(false, "model.mask", tall);
    }

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Frozen.Contains(0))
            yield return new Problem("frozen", LayerNumbers.FromZero($"[{string.Join(", ", Frozen)}]"));
    }

    /// <summary>A warning of what cannot be sampled over a distance, at the first wavelength of which it is true; that is named where there are others.</summary>
    private static string? SamplingWarning(OpticalSetting setting, Length distance)
    {
        foreach (var wave in setting.Waves)
        {
            if (setting.Propagator.SamplingWarning(wave, setting.Grid, distance) is { } warning)
                return setting.Waves.Count == 1 ? warning : $"at {wave.Wavelength}: {warning}";
        }
        return null;
    }

    /// <summary>A relief is simulated as infinitely thin: what is said where it is as tall as a pixel is wide.</summary>
    private string? ThicknessWarning(OpticalSetting setting, IReadOnlyList<LevelTable>? levels)
    {
        var tallest = levels is null ? Material(setting).OneWave : new Length(levels.Max(table => table.Heights[^1]));
        var pixels = tallest / (setting.Grid.PixelPitch * Mask.Oversampling);
        return pixels < 1
            ? null
            : $"the relief is up to {pixels:0.##} pixels tall: a mask is simulated as infinitely thin, which holds where it is much lower than a pixel is wide. "
                + "Remedy: wider pixels (oversampling, pixel_pitch), a material of higher index, or full-wave checks of the result.";
    }

    private int[] FrozenIndices => [.. Frozen.Select(layer => layer - 1)];

    private DiffractiveNetwork Assemble(OpticalSetting setting, MaskStack masks) => new(
        setting.BuildPropagator(), masks, [Spacing.Input, .. Enumerable.Repeat(Spacing.Between, Layers - 1), Spacing.Output]);
}

/// <summary>The distances between the planes of a stack.</summary>
public sealed record Spacing
{
    /// <summary>From the input plane to the first mask.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Input { get; init; }

    /// <summary>From each mask to the next.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Between { get; init; }

    /// <summary>From the last mask to the output plane.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Output { get; init; }
}
