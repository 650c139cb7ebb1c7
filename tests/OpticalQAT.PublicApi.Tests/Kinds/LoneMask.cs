using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>One mask, with free space before it and behind it.</summary>
[Kind("lone_mask")]
public sealed record LoneMaskKind : ModelKind
{
    /// <summary>From the input plane to the mask.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Before { get; init; }

    /// <summary>From the mask to the output plane.</summary>
    [AtLeast(0), AtMost(1000)]
    public required Length Behind { get; init; }

    /// <summary>The make of the mask.</summary>
    public required MaskOptions Mask { get; init; }

    /// <inheritdoc/>
    public override int LayerCount => 1;

    /// <inheritdoc/>
    public override ModulationKind Modulation => Mask.Modulation;

    /// <inheritdoc/>
    public override IEnumerable<Length> Distances => new[] { Before, Behind }.Distinct();

    /// <inheritdoc/>
    public override int PrintedPixels(OpticalSetting setting) => Mask.Pixels(setting.Grid);

    /// <inheritdoc/>
    public override long[] PositionShape(OpticalSetting setting) => Mask.PositionShape(PrintedPixels(setting));

    /// <inheritdoc/>
    public override Length PrintedPitch(OpticalSetting setting) => Mask.Pitch(setting.Grid);

    /// <inheritdoc/>
    public override Material Material(OpticalSetting setting) => Mask.Material(setting);

    /// <inheritdoc/>
    public override OpticalModel Build(OpticalSetting setting, IReadOnlyList<LevelTable>? levels, Generator generator)
    {
        using var scope = NewDisposeScope();
        var start = Mask.Start(PrintedPixels(setting), generator).unsqueeze(0);
        var masks = new MaskStack(Mask.Continuous(setting, levels?[0]), start, Mask.Frame(setting.Grid));
        masks.Confine();
        return new LoneMask(setting.BuildPropagator(), masks, Before, Behind);
    }

    /// <inheritdoc/>
    public override OpticalModel BuildQuantized(OpticalSetting setting, IReadOnlyList<LevelTable> levels, QuantizerKind quantizer, Tensor positions) =>
        new LoneMask(setting.BuildPropagator(), MaskStack.Quantized(Material(setting), levels, quantizer, positions, Mask.Frame(setting.Grid)), Before, Behind);

    /// <inheritdoc/>
    public override IEnumerable<StatedSize> Sizes(OpticalSetting setting)
    {
        var pixels = PrintedPixels(setting);
        yield return StatedSize.Of("mask", pixels * Mask.Oversampling, setting.Grid, $"{pixels} printed pixels of {PrintedPitch(setting)} a side");
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Examine(OpticalSetting setting, LevelsKind? levels)
    {
        if (Mask.Misfit(setting.Grid) is { } misfit)
            yield return misfit;
        foreach (var finding in Mask.Examine(setting, levels))
            yield return finding;
    }
}

/// <summary>The model.</summary>
public sealed class LoneMask(Propagator propagator, MaskStack mask, Length before, Length behind) : OpticalModel(nameof(LoneMask), propagator, mask)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Length> Gaps { get; } = [before, behind];

    /// <inheritdoc/>
    public override Tensor WithoutMasks(Tensor field) => Propagator.Propagate(field, Gaps[1].Metres);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> PlanesFrom(Tensor field) => [field, FromFirstMask(field)];

    /// <inheritdoc/>
    protected override Tensor ReachFirstMask(Tensor input, Propagation? propagation) =>
        Propagator.Propagate(input, propagation ?? Propagator.Over(Gaps[0].Metres));

    /// <inheritdoc/>
    protected override Tensor Through(Tensor field, MaskSurface surface, IReadOnlyList<Propagation>? propagations)
    {
        using var scope = NewDisposeScope();
        var passed = field * surface.Transmissions.select(-3, 0);
        return Propagator.Propagate(passed, propagations?[1] ?? Propagator.Over(Gaps[1].Metres)).MoveToOuterDisposeScope();
    }
}
