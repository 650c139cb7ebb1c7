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
    /// <summary>A new model in full precision, its heights as they start.</summary>
    /// <param name="setting">Light, medium, sampling.</param>
    /// <param name="quantizer">The levels that it will be rounded to, which bound its heights.</param>
    /// <param name="generator">Draws the starting heights.</param>
    public abstract DiffractiveNetwork Build(OpticalSetting setting, QuantizerKind quantizer, Generator generator);

    /// <summary>A model of the same geometry at given levels.</summary>
    /// <param name="setting">Light, medium, sampling.</param>
    /// <param name="quantizer">The quantizer and its levels.</param>
    /// <param name="positions">For each mask float32, [n, n], level units.</param>
    public abstract DiffractiveNetwork BuildQuantized(OpticalSetting setting, QuantizerKind quantizer, IReadOnlyList<Tensor> positions);

    /// <summary>What can be said without training: sampling, thin masks, sizes that do not fit.</summary>
    public abstract IEnumerable<Finding> Examine(OpticalSetting setting, QuantizerKind quantizer);

    /// <summary>Parameters, for estimates.</summary>
    public abstract long PixelCount(OpticalSetting setting);

    /// <summary>The masks that light passes one after the other.</summary>
    public abstract int LayerCount { get; }
}

/// <summary>What an examination found.</summary>
/// <param name="IsError">Whether the experiment cannot run at all.</param>
/// <param name="Key">The configuration key it is about.</param>
/// <param name="Message">What is wrong, with numbers, and the remedy.</param>
public sealed record Finding(bool IsError, string Key, string Message);
