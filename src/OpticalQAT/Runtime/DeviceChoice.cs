using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>The device that a run wants: <c>auto</c> (the default), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
/// <param name="Type">The type of device; null leaves the choice to the machine.</param>
/// <param name="Index">The number of the CUDA device; null is the first.</param>
public readonly record struct DeviceChoice(DeviceType? Type, int? Index = null) : IParsable<DeviceChoice>
{
    /// <summary>CUDA where there is a device for it, otherwise the CPU.</summary>
    public static DeviceChoice Auto => default;

    /// <summary>The CPU.</summary>
    public static DeviceChoice Cpu => new(DeviceType.CPU);

    /// <summary>A CUDA device, or an error where there is none.</summary>
    /// <param name="index">Its number, from 0; null is the first.</param>
    public static DeviceChoice Cuda(int? index = null) => new(DeviceType.CUDA, index);

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="FormatException">The text is none of these; says what it may be.</exception>
    public static DeviceChoice Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result)
            ? result
            : throw new FormatException($"\"{s}\" is no device: write auto, cpu, cuda, or cuda:1 for the second CUDA device.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DeviceChoice result)
    {
        const string Prefix = "cuda:";
        result = Auto;
        switch (s)
        {
            case "auto":
                return true;
            case "cpu":
                result = Cpu;
                return true;
            case "cuda":
                result = Cuda();
                return true;
            case not null when s.StartsWith(Prefix, StringComparison.Ordinal)
                && int.TryParse(s.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index):
                result = Cuda(index);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The text that <see cref="Parse"/> reads back as this choice.</summary>
    public override string ToString() => (Type, Index) switch
    {
        (null, _) => "auto",
        (DeviceType.CPU, _) => "cpu",
        (_, null) => "cuda",
        _ => $"cuda:{Index}",
    };
}
