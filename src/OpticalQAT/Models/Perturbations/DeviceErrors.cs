using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// The deviation of one fabricated device from its design. The errors of every kind add up here, in the terms of the simulation;
/// an <see cref="OpticalModel"/> that is given them computes the device. Lengths are metres.
/// </summary>
public sealed class DeviceErrors : Deviation
{
    private readonly double[] _gaps;
    private double _wavelength = 1;
    private double _pitch = 1;
    private Dictionary<double, Propagation>? _propagations;

    /// <summary>A device without errors.</summary>
    /// <param name="network">The design.</param>
    public DeviceErrors(OpticalModel network)
    {
        var masks = network.Masks;
        Masks = new MaskErrors(masks.Count, masks.Pixels, masks.Frame, network.Grid.PixelPitch.Metres);
        _gaps = new double[masks.Count + 1];
    }

    /// <summary>The errors of the masks.</summary>
    public MaskErrors Masks { get; }

    /// <summary>The errors of the light that enters.</summary>
    public InputErrors Input { get; } = new();

    /// <summary>The errors of what reads the powers at the output.</summary>
    public DetectorErrors Detector { get; } = new();

    /// <summary>The factor of the light's wavelength.</summary>
    public double Wavelength => _wavelength;

    /// <inheritdoc/>
    public override bool ReachesInput => !Input.AreNone || _gaps[0] != 0 || _wavelength != 1 || _pitch != 1;

    /// <summary>Whether any transfer function differs from the design's.</summary>
    internal bool ChangesLight => _wavelength != 1 || _pitch != 1 || _gaps.Any(gap => gap != 0);

    /// <summary>Draws a device with the given errors.</summary>
    /// <param name="network">The design, of which the geometry counts and nothing else: two designs of one geometry meet the same errors.</param>
    /// <param name="errors">The errors.</param>
    /// <param name="seed">The device's seed.</param>
    /// <param name="strength">What each error is multiplied by.</param>
    /// <exception cref="ArgumentException">An error changes the free space between planes, and the design has none.</exception>
    public static DeviceErrors Of(OpticalModel network, IReadOnlyList<PerturbationKind> errors, long seed, Func<PerturbationKind, double> strength)
    {
        if (network.Gaps.Count == 0 && errors.FirstOrDefault(error => error.ChangesFreeSpace) is { } ofSpace)
            throw new ArgumentException($"{KindNames.Of(ofSpace)} changes the free space between planes, and there is none in this model: lenses stand there", nameof(errors));
        var device = new DeviceErrors(network);
        var met = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var error in errors)
        {
            // By its kind, not by its place: an error draws the same alone and among others.
            var kind = KindNames.Of(error);
            var earlier = met[kind] = met.GetValueOrDefault(kind, -1) + 1;
            error.AddTo(device, strength(error), new Draw(Seeds.Derive(seed, kind, earlier)));
        }
        return device;
    }

    /// <summary>Makes the gap between two planes longer.</summary>
    /// <param name="gap">0 is that from the input to the first mask, the last that to the output.</param>
    /// <param name="metres">By how much; negative is shorter.</param>
    public void Lengthen(int gap, double metres) => _gaps[gap] += metres;

    /// <summary>Multiplies the wavelength; the materials' indices stay as they are.</summary>
    public void ScaleWavelength(double factor)
    {
        _wavelength *= factor;
        Masks.Wavelength = _wavelength;
    }

    /// <summary>Multiplies the pitch of every plane.</summary>
    public void ScalePitch(double factor) => _pitch *= factor;

    /// <inheritdoc/>
    public override Tensor Entering(Tensor input, OpticalModel design)
    {
        if (Input.AreNone)
            return input.alias();
        using var scope = NewDisposeScope();
        var grid = design.Grid with { PixelPitch = new(design.Grid.PixelPitch.Metres * _pitch) };
        return Input.Apply(input, grid, [.. design.Propagator.Lines.Select(line => line.Wave.Cutoff / _wavelength)]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override MaskSurface Surface(MaskStack masks) => Masks.Surface(masks);

    /// <inheritdoc/>
    public override IReadOnlyList<Propagation>? Propagations(OpticalModel design)
    {
        if (!ChangesLight)
            return null;
        double[] distances = [.. design.Gaps.Zip(_gaps, (gap, error) => gap.Metres + error)];
        _propagations ??= distances.Distinct().ToDictionary(z => z, z => design.Propagator.At(z, _pitch, _wavelength));
        return [.. distances.Select(z => _propagations[z])];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Masks.Dispose();
        foreach (var propagation in _propagations is null ? [] : _propagations.Values.ToArray())
            propagation.Dispose();
    }
}
