using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>The variables of a transfer function whose gradient is asked for: float64 scalars in metres.</summary>
/// <param name="Distance">z; negative propagates back.</param>
/// <param name="Pitch">The distance between two samples, Δ.</param>
/// <param name="Wavelength">The wavelength in vacuum, λ.</param>
public sealed record PropagationVariables(Tensor Distance, Tensor Pitch, Tensor Wavelength)
{
    /// <summary>The light by its present value.</summary>
    public Wave WaveIn(Wave wave) => wave with { Wavelength = new Length(Wavelength.item<double>()) };

    /// <summary>The grid by its present value.</summary>
    public Grid GridOf(Grid grid) => grid with { PixelPitch = new Length(Pitch.item<double>()) };
}
