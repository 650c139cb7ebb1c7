using OpticalQAT.Configuration;
using OpticalQAT.Optics;

namespace OpticalQAT.Models;

/// <summary>The heights that a mask starts from.</summary>
public enum InitialRelief
{
    /// <summary>Every pixel at random, evenly over one wave.</summary>
    Uniform,

    /// <summary>All pixels at the same height: light passes the mask as if it were a plate.</summary>
    Flat,
}

/// <summary>What masks are made of.</summary>
public sealed record MaskOptions
{
    /// <summary>The refractive index of the printed material at the wavelength.</summary>
    [AtLeast(1), AtMost(10)]
    public required double MaterialIndex { get; init; }

    /// <summary>The extinction coefficient κ of the material at the wavelength; 0 is lossless.</summary>
    [AtLeast(0), AtMost(10)]
    public double Extinction { get; init; }

    /// <summary>How many samples of the simulated plane a printed pixel is wide.</summary>
    [AtLeast(1), AtMost(64)]
    public int Oversampling { get; init; } = 1;

    /// <summary>The heights that training starts from.</summary>
    public InitialRelief Initial { get; init; } = InitialRelief.Uniform;

    /// <summary>The material in the light and medium of a setting.</summary>
    public Material Material(OpticalSetting setting) => new(MaterialIndex, Extinction, setting.Wave);
}
