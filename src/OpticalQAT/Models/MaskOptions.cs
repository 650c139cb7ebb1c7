using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>The heights that a mask starts from.</summary>
public enum InitialRelief
{
    /// <summary>Every pixel at random, evenly over one wave.</summary>
    Uniform,

    /// <summary>All pixels at the same height: light passes the mask as if it were a plate.</summary>
    Flat,
}

/// <summary>The make of the masks.</summary>
public sealed record MaskOptions : IChecked
{
    /// <summary>The effect of a mask on the light of a pixel.</summary>
    public ModulationKind Modulation { get; init; } = new HeightModulation();

    /// <summary>The refractive index of the printed material, at every wavelength. Masks of height need it unless a dispersion gives it; the others have no material.</summary>
    [AtLeast(1), AtMost(10)]
    public double? MaterialIndex { get; init; }

    /// <summary>The extinction coefficient κ of the material, at every wavelength of which its dispersion says nothing; 0 is lossless.</summary>
    [AtLeast(0), AtMost(10)]
    public double Extinction { get; init; }

    /// <summary>The dispersion of the material: its index at each wavelength.</summary>
    public DispersionKind Dispersion { get; init; } = new NoDispersion();

    /// <summary>The width of a printed pixel in samples of the simulated plane.</summary>
    [AtLeast(1), AtMost(64)]
    public int Oversampling { get; init; } = 1;

    /// <summary>The width of the printed area, which stands in the middle of the plane; a whole number of printed pixels. By default it fills the plane.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public Length? Size { get; init; }

    /// <summary>The surround of a printed area that is smaller than the plane.</summary>
    public MaskSurround Outside { get; init; } = MaskSurround.Opaque;

    /// <summary>The heights that training starts from.</summary>
    public InitialRelief Initial { get; init; } = InitialRelief.Uniform;

    /// <summary>Printed pixels a side.</summary>
    public int Pixels(Grid grid) => Size is { } size ? (int)Math.Round(grid.SamplesIn(size) / Oversampling) : grid.Size / Oversampling;

    /// <summary>The width of a printed pixel.</summary>
    public Length Pitch(Grid grid) => grid.LengthOf(Oversampling);

    /// <summary>The place of the printed pixels in the plane.</summary>
    public MaskFrame Frame(Grid grid) => new(Oversampling, (grid.Size - Pixels(grid) * Oversampling) / 2, Outside);

    /// <summary>The obstacle to printing a mask of that size on a grid; null where there is none.</summary>
    public Finding? Misfit(Grid grid)
    {
        if (Size is not { } size)
        {
            return grid.Size % Oversampling == 0 ? null
                : new Finding(true, "model.mask.oversampling", $"a grid of {grid.Size} samples cannot be cut into printed pixels of {Oversampling} samples; choose a divisor of {grid.Size}");
        }
        var pixels = grid.SamplesIn(size) / Oversampling;
        var whole = (int)Math.Round(pixels);
        var margin = grid.Size - whole * Oversampling;
        var problem = margin < 0 ? $"{size} is wider than the plane, {grid.Width}"
            : whole < 1 || Math.Abs(pixels - whole) > 1e-6 ? $"{size} is {pixels:0.###} printed pixels of {Pitch(grid)}, and a mask is printed in whole pixels"
            : margin % 2 != 0 ? $"{whole} printed pixels of {Oversampling} samples cannot stand in the middle of a plane of {grid.Size}: they leave an odd number of {margin} samples around them"
            : null;
        return problem is null ? null : new Finding(true, "model.mask.size", $"{problem}; {Remedy(grid, pixels)}");
    }

    /// <summary>The next sizes that can be printed, below and above the one that was asked for.</summary>
    private string Remedy(Grid grid, double wanted)
    {
        int[] possible = [.. Enumerable.Range(1, grid.Size / Oversampling).Where(n => (grid.Size - n * Oversampling) % 2 == 0)];
        var sizes = possible.Where(n => n <= wanted).TakeLast(1).Concat(possible.Where(n => n > wanted).Take(1))
            .Select(n => grid.LengthOf(n * Oversampling).ToString()).ToArray();
        return sizes.Length > 0
            ? $"choose {string.Join(" or ", sizes)}"
            : $"no number of pixels of {Oversampling} samples can stand there; choose an even grid or an odd oversampling";
    }

    /// <summary>
    /// The material in the light and medium of a setting. Masks without one are measured in optical paths: in a material
    /// whose index is 1 above the medium's, a height of one wavelength delays by one wave.
    /// </summary>
    public Material Material(OpticalSetting setting)
    {
        var material = Modulation.Material(this, setting.Wave);
        return setting.Spectrum.Length == 0 ? material : material with { Spectrum = [.. setting.Waves.Select(wave => Modulation.Material(this, wave))] };
    }

    /// <summary>The make of a mask in full precision.</summary>
    /// <param name="setting">Light, medium, sampling.</param>
    /// <param name="levels">The levels that it will be rounded to; null when there are none.</param>
    public Relief Continuous(OpticalSetting setting, LevelTable? levels) => Modulation.Continuous(Material(setting), levels);

    /// <summary>The positions that training starts from: phases as <see cref="Initial"/> says. An amplitude is 1 where it has a phase beside it or the start is flat, and otherwise random too.</summary>
    /// <param name="pixels">Printed pixels a side.</param>
    /// <param name="generator">Draws them.</param>
    public Tensor Start(int pixels, Generator generator)
    {
        using var scope = NewDisposeScope();
        var random = rand([pixels, pixels], generator: generator);
        var isRandom = Initial == InitialRelief.Uniform;
        return Modulation.Start(random * (isRandom ? 2 * Math.PI : 0), isRandom ? random : ones_like(random)).MoveToOuterDisposeScope();
    }

    /// <summary>The shape of a mask's positions.</summary>
    /// <param name="pixels">Printed pixels a side.</param>
    public long[] PositionShape(int pixels) => Modulation.PositionShape(pixels);

    /// <summary>The findings on the mask alone.</summary>
    public IEnumerable<Finding> Examine(OpticalSetting setting, LevelsKind? levels)
    {
        if (DispersionProblem(setting) is { } unknown)
        {
            yield return new Finding(true, "model.mask.dispersion", unknown);
            yield break;
        }
        if (Modulation.HasMaterial && Material(setting).Index == setting.Wave.MediumIndex)
            yield return new Finding(true, "model.mask.material_index", $"material and medium have the same index {setting.Wave.MediumIndex}, so a relief does not act on the light; give the index of the material that is printed");
        if (setting.Spectrum.Length > 0 && !Modulation.TakesSpectrum)
            yield return new Finding(true, "model.mask.modulation", $"masks of modulation '{KindNames.Of(Modulation)}' are made for one wavelength, and the light has a spectrum; choose the modulation phase or height");
        if (levels is not null && !Modulation.HasLevels)
        {
            yield return new Finding(true, "quantizer.levels", $"a level table lists heights, and says nothing of how much a pixel of a mask of modulation '{KindNames.Of(Modulation)}' absorbs; "
                + "choose the modulation phase, or height with an extinction, which gives every height its own absorption; or leave the levels out");
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Problem> Check() => Modulation.Check(this);

    /// <summary>The reason why the material's index at a wavelength of a setting is unknown; null where it is known.</summary>
    public string? DispersionProblem(OpticalSetting setting) =>
        setting.Waves.Append(setting.Wave).Select(wave => Dispersion.ProblemAt(wave.Wavelength)).OfType<string>().FirstOrDefault();
}
