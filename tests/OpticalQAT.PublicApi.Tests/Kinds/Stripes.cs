using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>The plane in stripes from top to bottom, one for each class.</summary>
[Kind("stripes")]
public sealed record Stripes : DetectorKind
{
    /// <inheritdoc/>
    public override double Gain { get; init; } = 20;

    /// <summary>The number of stripes: one for each class.</summary>
    [AtLeast(2), AtMost(100)]
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override int ClassCount => Count;

    /// <inheritdoc/>
    public override string ClassCountKey => "count";

    /// <inheritdoc/>
    public override DetectorRegion[] Layout(Grid grid)
    {
        var width = grid.Size / Count;
        return width > 0
            ? [.. Enumerable.Range(0, Count).Select(k => new DetectorRegion(k * width, 0, width, grid.Size, k))]
            : throw new ArgumentException($"{Count} stripes do not fit into {grid.Size} samples");
    }

    /// <inheritdoc/>
    public override Tensor Signals(Tensor powers) => powers / powers.sum(1, keepdim: true).clamp(min: Dark);

    /// <inheritdoc/>
    public override Tensor Contrast(Tensor powers, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (Pick(powers, first), Pick(powers, second));
        return ((one - other) / (one + other).clamp(min: Dark)).MoveToOuterDisposeScope();
    }
}
