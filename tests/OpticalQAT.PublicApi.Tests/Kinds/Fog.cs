using System.Numerics;
using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Free space with fog in it: the angular spectrum, whose light that is not scattered dies away with exp(-z/(2ℓ)) in amplitude.</summary>
[Kind("fog")]
public sealed record Fog : PropagatorKind
{
    /// <summary>The mean free path ℓ, after which 1/e of the power is left.</summary>
    [AtLeast(1e-9), AtMost(1e6)]
    public required Length MeanFreePath { get; init; }

    /// <inheritdoc/>
    public override bool KeepsPlaneWaves => false;

    /// <inheritdoc/>
    public override Complex[] TransferFunction(Wave wave, Grid grid, double distance)
    {
        var m = PlaneSize(grid);
        var step = 1 / grid.PaddedWidth.Metres;
        double[] squares = [.. Enumerable.Range(0, m).Select(i => Math.Pow(Math.Min(i, m - i) * step, 2))];
        var left = Math.Exp(-distance / (2 * MeanFreePath.Metres));
        return [.. from y in squares from x in squares select left * wave.PlaneWaveFactor(x + y, distance)];
    }

    /// <inheritdoc/>
    public override Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables)
    {
        using var scope = NewDisposeScope();
        var left = (variables.Distance / (-2 * MeanFreePath.Metres)).exp();
        return (DifferentiablePlaneWaves(wave, grid, variables) * left).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string? SamplingWarning(Wave wave, Grid grid, Length distance) => new AngularSpectrum().SamplingWarning(wave, grid, distance);
}
