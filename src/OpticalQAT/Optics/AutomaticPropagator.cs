using System.Numerics;
using OpticalQAT.Configuration;
using OpticalQAT.Kernels;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>
/// The propagator whose kernel is sampled, for each distance by itself: the angular spectrum where it is (short distances), otherwise
/// Rayleigh-Sommerfeld where that is (long distances), and where neither is, the band-limited angular spectrum. With padding of about 2 or
/// more one of the first two always is, but for distances shorter than a sample. Where the padding leaves a plane periodic
/// it stays so: Rayleigh-Sommerfeld is then left out. <c>validate</c>, the start of a run and its report say what was picked, and why.
/// </summary>
[Kind("auto")]
public sealed record AutomaticPropagator : PropagatorKind
{
    private static readonly AngularSpectrum Short = new();
    private static readonly RayleighSommerfeld Long = new();
    private static readonly BandLimitedAngularSpectrum Otherwise = new();

    /// <inheritdoc/>
    public override PropagatorChoice Choose(Wave wave, Grid grid, double distance)
    {
        var z = new Length(distance);
        if (Short.SamplingWarning(wave, grid, z) is null)
            return new(Short, "its transfer function is sampled up to all that the grid carries");
        var limit = BandLimitedAngularSpectrum.HighestFrequency(wave, grid, distance) * grid.PixelPitch.Metres;
        var aliases = $"the angular spectrum would alias above {limit:0.###} cycles per pixel";
        if (grid.PaddedSize < 2 * grid.Size - 1)
            return new(Otherwise, $"{aliases}, and a plane that is padded to less than {2 * grid.Size - 1} samples is left periodic");
        return Long.SamplingWarning(wave, grid, z) is null
            ? new(Long, $"{aliases}, and this kernel is sampled over the whole plane")
            : new(Otherwise, $"{aliases}, and the kernel of Rayleigh-Sommerfeld is not sampled either");
    }

    /// <inheritdoc/>
    public override Complex[] TransferFunction(Wave wave, Grid grid, double distance) =>
        Choose(wave, grid, distance).Kind.TransferFunction(wave, grid, distance);

    /// <inheritdoc/>
    internal override TransferQuadrant Quadrant(Wave wave, Grid grid, double distance) =>
        Choose(wave, grid, distance).Kind.Quadrant(wave, grid, distance);

    /// <inheritdoc/>
    public override Tensor TransferFunction(Wave wave, Grid grid, PropagationVariables variables) =>
        Choose(variables.WaveIn(wave), variables.GridOf(grid), variables.Distance.item<double>()).Kind.TransferFunction(wave, grid, variables);

    /// <inheritdoc/>
    public override string? SamplingWarning(Wave wave, Grid grid, Length distance) =>
        Choose(wave, grid, distance.Metres).Kind.SamplingWarning(wave, grid, distance);
}
