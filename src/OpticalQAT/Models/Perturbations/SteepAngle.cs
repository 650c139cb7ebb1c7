using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// The angle of an error that bends light aside, and the largest one that samples of the grid's pitch can show: a plane wave
/// whose phase grows by more than half a turn from sample to sample comes out at another angle, and nothing tells.
/// </summary>
/// <param name="Key">The key of the angle within the error.</param>
/// <param name="Amount">The angle at strength 1, as it is written.</param>
/// <param name="Distribution">How it is meant.</param>
/// <param name="Largest">The largest angle that the samples carry; null where they carry every angle.</param>
/// <param name="Pitch">The distance between two samples.</param>
public sealed record SteepAngle(string Key, Angle Amount, ErrorDistribution Distribution, Angle? Largest, Length Pitch)
{
    // Of a normal distribution three in a thousand lie beyond.
    private const double FarthestInSigmas = 3;

    /// <summary>Light that falls in askew: a phase of 2π·(n/λ)·sin θ·Δ from sample to sample, at the shortest of the wavelengths.</summary>
    public static SteepAngle OfLight(string key, Angle amount, ErrorDistribution distribution, OpticalSetting setting)
    {
        var sine = 1 / (2 * setting.Waves.Max(wave => wave.Cutoff) * setting.Grid.PixelPitch.Metres);
        return new(key, amount, distribution, sine < 1 ? new Angle(Math.Asin(sine)) : null, setting.Grid.PixelPitch);
    }

    /// <summary>A wedge: a phase of 2π·tan α·Δ/(height of one wave) from sample to sample, at the wavelength of the lowest wave.</summary>
    public static SteepAngle OfWedge(string key, Angle amount, ErrorDistribution distribution, OpticalSetting setting, Material material)
    {
        var tangent = material.Spectrum.Min(line => line.OneWave) / (2 * setting.Grid.PixelPitch);
        return new(key, amount, distribution, double.IsFinite(tangent) ? new Angle(Math.Atan(tangent)) : null, setting.Grid.PixelPitch);
    }

    /// <summary>The warning where the samples do not carry the angle at a strength; null where they do.</summary>
    public string? Warning(double strength)
    {
        var isNormal = Distribution == ErrorDistribution.Normal;
        var steepest = Amount * strength * (isNormal ? FarthestInSigmas : 1);
        if (Largest is not { } largest || steepest <= largest * (1 + 1e-9))
            return null;
        var drawn = isNormal ? $"an angle of three standard deviations, {Milliradians(steepest)}," : $"an angle of {Milliradians(steepest)}";
        return $"{drawn} is steeper than samples of {Pitch} carry: they carry at most {Milliradians(largest)}, and a steeper beam wraps round and leaves at another angle. "
            + $"Remedy: at most {Milliradians(largest / strength / (isNormal ? FarthestInSigmas : 1), down: true)} here, or a finer optics.grid.pixel_pitch.";
    }

    // Rounded down where the number is one to be typed: it must not exceed what is carried.
    private static string Milliradians(Angle angle, bool down = false)
    {
        var milliradians = angle.Radians * 1e3;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(milliradians)) - 2);
        return $"{(down ? Math.Floor(milliradians / unit) : Math.Round(milliradians / unit)) * unit:0.######} mrad";
    }
}
