using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>Two lenses and a mask between them: u ↦ F⁻¹(A·t·F(u)), where A is the aperture and t the mask.</summary>
/// <remarks>There and back the Fourier transforms keep the power: the image holds what aperture and mask let through.</remarks>
public sealed class FourierFilter : OpticalModel
{
    private readonly PerDevice _aperture;
    private readonly long _padded;

    /// <summary>A filter.</summary>
    /// <param name="propagator">Whose grid is that of object and image.</param>
    /// <param name="focalLength">Of both lenses.</param>
    /// <param name="radius">Of the aperture, in samples of the filter plane.</param>
    /// <param name="mask">The filter, one mask of M×M samples with the zero frequency at sample M/2.</param>
    public FourierFilter(Propagator propagator, Length focalLength, double radius, MaskStack mask) : base(nameof(FourierFilter), propagator, mask)
    {
        FocalLength = focalLength;
        _padded = Grid.PaddedSize;
        _aperture = new PerDevice(() => Circle((int)_padded, radius));
    }

    /// <summary>The focal length of both lenses.</summary>
    public Length FocalLength { get; }

    /// <summary>None: what lies between object, filter and image are lenses.</summary>
    public override IReadOnlyList<Length> Gaps => [];

    /// <summary>The image behind the lenses and the aperture alone.</summary>
    /// <param name="field">complex64, [B, N, N], the object.</param>
    public override Tensor WithoutMasks(Tensor field)
    {
        using var scope = NewDisposeScope();
        return Image(Spectrum(field)).MoveToOuterDisposeScope();
    }

    /// <summary>The light at the filter, complex64, [B, M, M] with the zero frequency at sample M/2 and, as a sum of |u|², the power of the input; and the image.</summary>
    /// <param name="field">complex64, [B, N, N], the object.</param>
    public override IReadOnlyList<Tensor> PlanesFrom(Tensor field)
    {
        using var scope = NewDisposeScope();
        var atMask = fft.fftshift(Spectrum(field), [-2, -1]) / _padded;
        return [atMask.MoveToOuterDisposeScope(), FromFirstMask(field).MoveToOuterDisposeScope()];
    }

    /// <summary>The input itself: the plane of the filter is larger than the field's, and the lens is left to <see cref="Through"/>.</summary>
    protected override Tensor ReachFirstMask(Tensor input, Propagation? propagation) => input.alias();

    /// <inheritdoc/>
    protected override Tensor Through(Tensor field, MaskSurface surface, IReadOnlyList<Propagation>? propagations)
    {
        using var scope = NewDisposeScope();
        return Image(Spectrum(field) * fft.ifftshift(surface.Transmissions[0], [-2, -1])).MoveToOuterDisposeScope();
    }

    private Tensor Spectrum(Tensor field) => fft.fft2(field, s: [_padded, _padded]) * _aperture.On(field.device);

    private Tensor Image(Tensor spectrum) =>
        fft.ifft2(spectrum).narrow(-2, 0, Grid.Size).narrow(-1, 0, Grid.Size).contiguous();

    /// <summary>1 inside the circle and 0 outside, in the FFT's order.</summary>
    private static Tensor Circle(int samples, double radius)
    {
        var inside = new float[samples, samples];
        for (var row = 0; row < samples; row++)
        {
            for (var column = 0; column < samples; column++)
            {
                var (y, x) = (Frequency(row), Frequency(column));
                inside[row, column] = x * x + y * y <= radius * radius ? 1 : 0;
            }
        }
        return tensor(inside);

        double Frequency(int index) => index < (samples + 1) / 2 ? index : index - samples;
    }
}
