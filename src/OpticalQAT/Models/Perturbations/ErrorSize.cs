using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The size of an error, as the axis of a figure says it.</summary>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit.</param>
public readonly record struct ErrorSize(double Value, string Unit)
{
    /// <summary>A length in the unit that suits it.</summary>
    public static ErrorSize Of(Length length) =>
        Math.Abs(length.Metres) >= 1e-4 ? new(length.Metres * 1e3, "mm") : Math.Abs(length.Metres) >= 1e-7 ? new(length.Metres * 1e6, "µm") : new(length.Metres * 1e9, "nm");

    /// <summary>An angle in milliradians.</summary>
    public static ErrorSize Of(Angle angle) => new(angle.Radians * 1e3, "mrad");

    /// <summary>A ratio in percent.</summary>
    public static ErrorSize Of(double ratio) => new(ratio * 100, "%");
}
