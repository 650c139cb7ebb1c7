using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The object lies beside the axis, and its illumination comes from the side. The object is moved by the shift theorem before a background that stays dark.</summary>
[Kind("input_misalignment")]
public sealed record InputMisalignment : PerturbationKind
{
    /// <summary>The meaning of both amounts: along each axis, or with <c>fixed</c> exactly so much in any direction.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The shift of the object.</summary>
    [AtLeast(0), AtMost(1000)]
    public Length Shift { get; init; }

    /// <summary>The angle between illumination and axis.</summary>
    [AtLeast(0), Below(Math.PI / 4)]
    public Angle Tilt { get; init; }

    /// <inheritdoc/>
    public override bool ReachesInput => true;

    /// <inheritdoc/>
    public override ErrorSize Size => Shift.Metres > 0 ? ErrorSize.Of(Shift) : ErrorSize.Of(Tilt);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        var (shift, tilt) = (draw.Vector(Distribution), draw.Vector(Distribution));
        var sine = Math.Sin(Tilt.Radians * strength);
        device.Input.Shift(shift.X * Shift.Metres * strength, shift.Y * Shift.Metres * strength);
        device.Input.Tilt(tilt.X * sine, tilt.Y * sine);
    }

    /// <inheritdoc/>
    public override SteepAngle Steepest(OpticalSetting setting, Material material) => SteepAngle.OfLight("tilt", Tilt, Distribution, setting);
}
