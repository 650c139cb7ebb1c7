using OpticalQAT.Optics;
using OpticalQAT.Units;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>
/// The work of every variant: a batch of fields, just before the first of L phase masks, through the stack, a real loss of
/// the output's intensity, and its gradient with respect to the phases.
/// </summary>
/// <param name="Points">N.</param>
/// <param name="Padded">M.</param>
/// <param name="Layers">L.</param>
/// <param name="Batch">B.</param>
/// <param name="Threads">Threads that may compute.</param>
internal sealed record Workload(int Points, int Padded, int Layers, int Batch, int Threads)
{
    // 0.4 THz, pixels of one wavelength, 32 wavelengths between the masks: the geometry of the first printed networks.
    public const double Wavelength = 0.75e-3;
    public const double PixelPitch = 0.75e-3;
    public const double Distance = 24e-3;

    private Grid Grid => new() { Size = Points, PixelPitch = new Length(PixelPitch), Padding = (double)Padded / Points };

    public static Workload Of(ComparisonOptions options, int points) => new(
        points, (int)Math.Round(points * options.Padding), options.Layers, options.Batch, options.Threads);

    /// <summary>The fields, complex64 [B, N, N]; the same for every variant.</summary>
    public torch.Tensor Fields()
    {
        torch.manual_seed(1);
        return torch.randn(Batch, Points, Points, dtype: torch.ScalarType.ComplexFloat32);
    }

    /// <summary>The phases, float32 [L, N, N], to be trained.</summary>
    public torch.Tensor Phases()
    {
        torch.manual_seed(2);
        return torch.rand(Layers, Points, Points).mul_(2 * Math.PI).requires_grad_();
    }

    /// <summary>The detector of a classifier of ten classes.</summary>
    public RegionPowers Detector() => new(new GridDetector { Regions = 10 }, Grid);

    /// <summary>The weight of the power in each of its regions in the loss, float32 [10].</summary>
    public static torch.Tensor Weights()
    {
        torch.manual_seed(3);
        return torch.rand(10);
    }

    /// <summary>The library's own propagator for these planes.</summary>
    public Propagator Propagator(bool mayBeFast) => new(
        new AngularSpectrum(),
        new Wave(new Length(Wavelength)),
        Grid,
        mayBeFast);

    /// <summary>The transfer function of the angular spectrum in float64, stored as complex128 [M, M] in FFT order.</summary>
    public torch.Tensor TransferFunction()
    {
        using var scope = torch.NewDisposeScope();
        var f = torch.fft.fftfreq(Padded, PixelPitch, dtype: torch.ScalarType.Float64).square();
        var root = (1 / (Wavelength * Wavelength)) - f.unsqueeze(0) - f.unsqueeze(1);
        var phase = 2 * Math.PI * Distance * root.clamp(min: 0).sqrt();
        var carried = root.ge(0).to(torch.ScalarType.Float64);
        return torch.polar(carried, phase).MoveToOuterDisposeScope();
    }
}
