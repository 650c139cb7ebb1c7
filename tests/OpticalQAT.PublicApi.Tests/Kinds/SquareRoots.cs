using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using OpticalQAT.Units;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>N levels within one wave, closer to each other the higher they are: (one wave)·sqrt(i/N).</summary>
[Kind("square_roots")]
public sealed record SquareRoots : LevelsKind
{
    /// <summary>The number of levels, N.</summary>
    [AtLeast(2), AtMost(1000)]
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override LevelTable Build(Length oneWave, bool lossless) =>
        new([.. Enumerable.Range(0, Count).Select(i => oneWave.Metres * Math.Sqrt((double)i / Count))]);
}
