using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>The optical processor that is designed.</summary>
[Family("model")]
public abstract record ModelKind : Variant
{
    /// <summary>The masks that light passes one after the other.</summary>
    public abstract int LayerCount { get; }

    /// <summary>Printed pixels a side of each mask.</summary>
    public abstract int PrintedPixels(OpticalSetting setting);

    /// <summary>The effect of the masks on the light of a pixel.</summary>
    public abstract ModulationKind Modulation { get; }

    /// <summary>The distances that light propagates between planes, each once.</summary>
    public virtual IEnumerable<Length> Distances => [];

    /// <summary>Whether there is nothing but free space between the planes.</summary>
    public virtual bool HasFreeSpace => true;

    /// <summary>The shape of each mask's positions in full precision; at levels it is one number for each printed pixel.</summary>
    public abstract long[] PositionShape(OpticalSetting setting);

    /// <summary>The width of a printed pixel.</summary>
    public abstract Length PrintedPitch(OpticalSetting setting);

    /// <summary>The material that the masks are printed in.</summary>
    public abstract Material Material(OpticalSetting setting);

    /// <summary>A new model in full precision, its heights as they start.</summary>
    /// <param name="setting">Light, medium, sampling.</param>
    /// <param name="levels">For each layer the levels that it will be rounded to, which bound its heights; null when there are none.</param>
    /// <param name="generator">Draws the starting heights.</param>
    public abstract OpticalModel Build(OpticalSetting setting, IReadOnlyList<LevelTable>? levels, Generator generator);

    /// <summary>A model of the same geometry at printable levels.</summary>
    /// <param name="setting">Light, medium, sampling.</param>
    /// <param name="levels">For each layer the printable heights.</param>
    /// <param name="quantizer">The quantizer to train through.</param>
    /// <param name="positions">float32, [L, n, n], level units.</param>
    public abstract OpticalModel BuildQuantized(OpticalSetting setting, IReadOnlyList<LevelTable> levels, QuantizerKind quantizer, Tensor positions);

    /// <summary>The sizes that follow from the configuration, other than the plane's.</summary>
    public abstract IEnumerable<StatedSize> Sizes(OpticalSetting setting);

    /// <summary>The findings without training: sampling, thin masks, sizes that do not fit.</summary>
    public abstract IEnumerable<Finding> Examine(OpticalSetting setting, LevelsKind? levels);
}
