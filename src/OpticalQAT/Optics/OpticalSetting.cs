using OpticalQAT.Configuration;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>The light, the medium, the sampling and the propagation: what is the same for the whole experiment.</summary>
public sealed record OpticalSetting : IChecked
{
    /// <summary>The wavelength in vacuum that the masks are designed for: it fixes the height of one wave and the level tables, and is the light's only one where no spectrum is given.</summary>
    [AtLeast(1e-12), AtMost(10), OrFrequency]
    public required Length Wavelength { get; init; }

    /// <summary>The wavelengths of polychromatic light, with weights; their intensities add up at the detector. Empty means light of the design wavelength alone.</summary>
    public SpectralLine[] Spectrum { get; init; } = [];

    /// <summary>The refractive index of the medium between the layers, at every wavelength; left at 1 where a dispersion gives it.</summary>
    [AtLeast(1), AtMost(10)]
    public double MediumIndex { get; init; } = 1;

    /// <summary>The dispersion of the medium: its index at each wavelength.</summary>
    public DispersionKind MediumDispersion { get; init; } = new NoDispersion();

    /// <summary>The sampling of every plane.</summary>
    public required Grid Grid { get; init; }

    /// <summary>The propagation of the light from plane to plane.</summary>
    public PropagatorKind Propagator { get; init; } = new AngularSpectrum();

    /// <summary>Whether propagation on the CPU may take the fast path; false leaves everything to torch, several times slower, to the same results within rounding.</summary>
    public bool FastPath { get; init; } = true;

    /// <summary>Light of the design wavelength in its medium.</summary>
    public Wave Wave => WaveOf(Wavelength);

    /// <summary>The light at each wavelength of the spectrum: at least one.</summary>
    public IReadOnlyList<Wave> Waves => Spectrum.Length == 0 ? [Wave] : [.. Spectrum.Select(line => WaveOf(line.Wavelength))];

    /// <summary>The propagator over a distance in words, with the reason for it; one sentence for each wavelength, none where there was nothing to choose.</summary>
    public IEnumerable<string> Chosen(Length distance)
    {
        foreach (var wave in Waves)
        {
            if (Propagator.Choose(wave, Grid, distance.Metres) is { Reason: { } reason, Kind: var kind })
                yield return $"Propagation over {distance}{(Waves.Count > 1 ? $" at {wave.Wavelength}" : string.Empty)} by {KindNames.Of(kind)}: {reason}.";
        }
    }

    /// <summary>A propagator for this setting, with its own cache of transfer functions.</summary>
    public Propagator BuildPropagator()
    {
        Propagator[] lines = [.. Waves.Select(wave => new Propagator(Propagator, wave, Grid, FastPath))];
        return lines.Length == 1 ? lines[0] : new Propagator(Propagator, Wave, Grid, FastPath) { Lines = lines };
    }

    /// <summary>
    /// Lights an object up with the whole spectrum. A line's share of the power stands in the amplitude of its field,
    /// so that adding up intensities weighs them.
    /// </summary>
    /// <param name="object">The field behind the object in light of power 1, complex [B, N, N], given how many times shorter than the design wavelength the light is.</param>
    /// <returns>complex, [B, N, N], or [B, W, N, N] where there are several wavelengths.</returns>
    public Tensor Illuminate(Func<double, Tensor> @object)
    {
        if (Spectrum.Length < 2)
            return @object(Wavelength / Waves[0].Wavelength);
        using var scope = NewDisposeScope();
        var all = Spectrum.Sum(line => line.Weight);
        var fields = Spectrum.Select(line => @object(Wavelength / line.Wavelength) * Math.Sqrt(line.Weight / all));
        return stack([.. fields], dim: 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Waves.Append(Wave).Max(wave => wave.Wavelength / wave.MediumIndex) is var longest && longest > Grid.Width)
            yield return new Problem("grid", $"the plane is {Grid.Width.Rounded()} wide ({Grid.Size} samples of {Grid.PixelPitch}), narrower than one wave of the light in the medium ({longest.Rounded()}), so that it can carry no image; a larger pixel_pitch, more samples, or another wavelength");
        if (MediumDispersion is NoDispersion)
            yield break;
        if (MediumIndex != 1)
            yield return new Problem("medium_index", "the medium's index is given twice, by 'medium_index' and by 'medium_dispersion'; leave one of them out");
        var wavelengths = Spectrum.Select(line => line.Wavelength).Append(Wavelength);
        if (wavelengths.Select(MediumDispersion.ProblemAt).OfType<string>().FirstOrDefault() is { } problem)
            yield return new Problem("medium_dispersion", problem);
    }

    private Wave WaveOf(Length wavelength) => new(wavelength, MediumDispersion.At(wavelength)?.Index ?? MediumIndex);
}
