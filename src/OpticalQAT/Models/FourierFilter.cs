using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>Two lenses and a mask between them: u ↦ F⁻¹(A·t·F(u)), where A is the aperture and t the mask.</summary>
/// <remarks>There and back the Fourier transforms keep the power: the image holds what aperture and mask let through.</remarks>
public sealed class FourierFilter : OpticalModel
{
    private readonly FilterLayer _filter;
    private readonly double _focalLength;

    /// <summary>A filter.</summary>
    /// <param name="propagator">Whose grid is that of object and image; no way between planes is free space.</param>
    /// <param name="focalLength">Of both lenses, in metres.</param>
    /// <param name="radius">Of the aperture, in samples of the filter plane.</param>
    /// <param name="mask">The filter, M×M samples with the zero frequency at sample M/2.</param>
    public FourierFilter(Propagator propagator, double focalLength, double radius, HeightMask mask)
        : this(propagator, focalLength, new FilterLayer(mask, propagator, focalLength, radius))
    {
    }

    private FourierFilter(Propagator propagator, double focalLength, FilterLayer filter) : base(propagator, 2 * focalLength, [filter]) =>
        (_filter, _focalLength) = (filter, focalLength);

    /// <inheritdoc/>
    public override bool IsFreeSpace => false;

    /// <summary>Of both lenses, in metres.</summary>
    public double FocalLength => _focalLength;

    /// <summary>The input itself: the lens is left to the layer, whose plane is larger.</summary>
    public override Tensor ToFirstMask(Tensor input, Passage? passage = null) => passage is null ? input.alias() : throw NoFreeSpace();

    /// <inheritdoc/>
    protected override Tensor Through(Tensor field, Tensor transmissions, IReadOnlyList<Passage>? behind) =>
        behind is null ? _filter.Through(field, transmissions[0]) : throw NoFreeSpace();

    /// <summary>The image behind the lenses and the aperture alone.</summary>
    public override Tensor WithoutMasks(Tensor field) => _filter.WithoutMask(field);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Planes(Tensor input) => [_filter.AtMask(input), _filter.forward(input)];

    private static ArgumentException NoFreeSpace() => new("between the lenses of a Fourier filter there is no free space whose length could change");
}

/// <summary>The way from the object through lens, aperture, mask and lens to the image.</summary>
public sealed class FilterLayer : DiffractiveLayer
{
    private readonly PerDevice _aperture;
    private readonly long _size;
    private readonly long _padded;

    /// <summary>A layer.</summary>
    /// <param name="mask">The filter.</param>
    /// <param name="propagator">Whose grid is that of object and image.</param>
    /// <param name="focalLength">In metres.</param>
    /// <param name="radius">Of the aperture, in samples of the filter plane.</param>
    public FilterLayer(HeightMask mask, Propagator propagator, double focalLength, double radius) : base(mask, propagator, 2 * focalLength)
    {
        (_size, _padded) = (propagator.Grid.Size, propagator.Grid.PaddedSize);
        _aperture = new PerDevice(() => Circle((int)_padded, radius));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor field)
    {
        using var scope = NewDisposeScope();
        return Through(field, Mask.Transmission()).MoveToOuterDisposeScope();
    }

    /// <summary>The image behind a filter of a given transmission.</summary>
    /// <param name="field">complex64, [B, N, N].</param>
    /// <param name="transmission">complex64, [M, M], the zero frequency at sample M/2.</param>
    public Tensor Through(Tensor field, Tensor transmission)
    {
        using var scope = NewDisposeScope();
        return Back(Spectrum(field) * fft.ifftshift(transmission, [-2, -1])).MoveToOuterDisposeScope();
    }

    /// <summary>The image of the bare aperture.</summary>
    /// <param name="field">complex64, [B, N, N].</param>
    public Tensor WithoutMask(Tensor field)
    {
        using var scope = NewDisposeScope();
        return Back(Spectrum(field)).MoveToOuterDisposeScope();
    }

    /// <summary>The light that arrives at the mask.</summary>
    /// <param name="field">complex64, [B, N, N].</param>
    /// <returns>complex64, [B, M, M], the zero frequency at sample M/2; as a sum of |u|² its power is the input's.</returns>
    public Tensor AtMask(Tensor field)
    {
        using var scope = NewDisposeScope();
        return (fft.fftshift(Spectrum(field), [-2, -1]) / _padded).MoveToOuterDisposeScope();
    }

    private Tensor Spectrum(Tensor field) => fft.fft2(field, s: [_padded, _padded]) * _aperture.On(field.device);

    private Tensor Back(Tensor spectrum) =>
        fft.ifft2(spectrum).narrow(-2, 0, _size).narrow(-1, 0, _size).contiguous();

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
