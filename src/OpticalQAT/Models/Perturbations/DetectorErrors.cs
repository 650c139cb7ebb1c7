using OpticalQAT.Data;
using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// The reading of powers by the detector of one device: with the noise of single photons, then that of its electronics, then in
/// whole steps. Read noise and steps are relative to the brightest reading of each image, as if the exposure were set by
/// it. The gradient passes as if the reading were exact. A detector without errors reads what is there.
/// </summary>
public sealed class DetectorErrors
{
    private double? _photons;
    private double _noise;
    private double? _steps;
    private SplitMix64 _seeds;

    /// <summary>Whether powers are read exactly.</summary>
    public bool AreNone => _photons is null && _noise == 0 && _steps is null;

    /// <summary>Counts photons.</summary>
    /// <param name="photons">How many enter the device with one image.</param>
    /// <param name="seed">What is drawn follows from it.</param>
    public void CountPhotons(double photons, long seed) => (_photons, _seeds) = (photons, new SplitMix64(seed));

    /// <summary>Adds normal noise.</summary>
    /// <param name="share">Its standard deviation as a share of the brightest reading.</param>
    /// <param name="seed">What is drawn follows from it.</param>
    public void AddNoise(double share, long seed)
    {
        _noise = Math.Sqrt(_noise * _noise + share * share);
        if (_photons is null)
            _seeds = new SplitMix64(seed);
    }

    /// <summary>Reads in whole steps.</summary>
    /// <param name="steps">How many steps the brightest reading is.</param>
    public void Round(double steps) => _steps = steps;

    /// <summary>The powers as they are read.</summary>
    /// <param name="powers">Real, [B, …], not negative.</param>
    /// <param name="entered">Real, [B], the power that entered, in the same unit.</param>
    /// <returns>The same shape, not negative.</returns>
    public Tensor Read(Tensor powers, Tensor entered)
    {
        if (AreNone)
            return powers.alias();
        using var scope = NewDisposeScope();
        Tensor read;
        using (no_grad())
            read = Reading(powers.detach(), entered);
        return (powers + (read - powers.detach())).MoveToOuterDisposeScope();
    }

    private Tensor Reading(Tensor powers, Tensor entered)
    {
        long[] perImage = [powers.shape[0], .. Enumerable.Repeat(1L, (int)powers.dim() - 1)];
        var read = powers;
        if (_photons is { } photons)
        {
            using var generator = NewGenerator(powers.device);
            var perPhoton = entered.view(perImage) / photons;
            read = poisson(read / perPhoton, generator) * perPhoton;
        }
        var brightest = read.flatten(start_dim: 1).amax([1]).view(perImage);
        if (_noise > 0)
        {
            using var generator = NewGenerator(powers.device);
            read = read + randn(read.shape, read.dtype, read.device, generator: generator) * (brightest * _noise);
        }
        if (_steps is { } steps)
        {
            var step = (brightest / steps).clamp(min: float.Epsilon);
            read = (read / step).round() * step;
        }
        return read.clamp(min: 0);
    }

    private Generator NewGenerator(Device device) => new(_seeds.Next(), device);
}
