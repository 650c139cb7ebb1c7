using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// The errors of the masks of one device. A pixel that is designed h high is printed as
/// h' = blur(dead ? h₀ : scale·h + δh), and in light of wavelength r·λ its transmission is
/// t' = t·exp((i·p-a)·(h'/r - h)): the factor multiplies the design's transmission, whichever way its gradient is worked
/// out. The mask then lies shifted: t''(x, y) = t'(x-dx, y-dy) by the shift theorem, dark beyond its edges.
/// </summary>
public sealed class MaskErrors : IDisposable
{
    private readonly int _pixels;
    private readonly MaskFrame _frame;
    private readonly double[] _scale;
    private readonly double[] _blur;
    private readonly (double X, double Y)[] _shifts;
    private readonly (double X, double Y)[] _slopes;
    private Tensor? _added;
    private Tensor? _dead;
    private double _deadHeight;

    internal MaskErrors(int layers, int pixels, MaskFrame frame, double pitch)
    {
        (Layers, _pixels, _frame, Pitch) = (layers, pixels, frame, pitch);
        _scale = [.. Enumerable.Repeat(1.0, layers)];
        (_blur, _shifts, _slopes) = (new double[layers], new (double, double)[layers], new (double, double)[layers]);
    }

    /// <summary>The number of masks.</summary>
    public int Layers { get; }

    /// <summary>The distance between two samples of a mask.</summary>
    public double Pitch { get; }

    /// <summary>The distance between two printed pixels.</summary>
    public double PrintedPitch => Pitch * _frame.Oversampling;

    /// <summary>The shape of what has a value for each printed pixel of each mask.</summary>
    public long[] Shape => [Layers, _pixels, _pixels];

    /// <summary>The factor of the wavelength.</summary>
    internal double Wavelength { get; set; } = 1;

    /// <summary>Whether the masks are as designed.</summary>
    public bool AreNone => !NeedsHeights && _added is null && Array.TrueForAll(_shifts, s => s == default) && Array.TrueForAll(_slopes, s => s == default);

    private bool NeedsHeights => _dead is not null || Wavelength != 1 || Array.Exists(_scale, s => s != 1) || Array.Exists(_blur, s => s != 0);

    /// <summary>Adds to the printed heights.</summary>
    /// <param name="metres">float32, <see cref="Shape"/>, on the host.</param>
    public void AddHeights(Tensor metres)
    {
        using var scope = NewDisposeScope();
        var sum = (_added is null ? metres.clone() : _added + metres).DetachFromDisposeScope();
        _added?.Dispose();
        _added = sum;
    }

    /// <summary>Multiplies a mask's heights.</summary>
    public void ScaleHeights(int layer, double factor) => _scale[layer] *= factor;

    /// <summary>Makes a mask grow thicker across: by x·X + y·Y at (x, y) from its middle.</summary>
    public void Slope(int layer, double x, double y) => _slopes[layer] = (_slopes[layer].X + x, _slopes[layer].Y + y);

    /// <summary>Smooths a mask's relief with a Gaussian; two of them add up in squares.</summary>
    /// <param name="layer">The mask.</param>
    /// <param name="sigma">Its standard deviation.</param>
    public void Blur(int layer, double sigma) => _blur[layer] = Math.Sqrt(_blur[layer] * _blur[layer] + sigma * sigma);

    /// <summary>Moves a mask, its edges with it.</summary>
    public void Shift(int layer, double x, double y) => _shifts[layer] = (_shifts[layer].X + x, _shifts[layer].Y + y);

    /// <summary>Prints some pixels at a height of their own, whatever was designed.</summary>
    /// <param name="pixels">bool, <see cref="Shape"/>, on the host.</param>
    /// <param name="height">That height; the last call's counts.</param>
    public void Kill(Tensor pixels, double height)
    {
        using var scope = NewDisposeScope();
        var all = (_dead is null ? pixels.clone() : _dead.logical_or(pixels)).DetachFromDisposeScope();
        _dead?.Dispose();
        (_dead, _deadHeight) = (all, height);
    }

    /// <summary>The surface that the light meets at the device's masks.</summary>
    /// <param name="masks">The masks as designed.</param>
    internal MaskSurface Surface(MaskStack masks)
    {
        using var scope = NewDisposeScope();
        var (transmissions, heights) = masks.Surface(withHeights: NeedsHeights);
        var lines = masks.Material.Spectrum;
        var device = lines.Count == 1
            ? Apply(transmissions, heights, lines[0])
            : stack(lines.Select((line, w) => Apply(transmissions[w], heights, line)));
        return new MaskSurface(device).MoveToOuterDisposeScope();
    }

    /// <summary>The transmissions that the errors make of the designed ones.</summary>
    /// <param name="transmissions">complex, [layers, N, N].</param>
    /// <param name="heights">Real, of the same shape, metres; may be null where no error asks for them.</param>
    /// <param name="material">What the masks are printed in, at the wavelength of the light.</param>
    internal Tensor Apply(Tensor transmissions, Tensor? heights, Material material)
    {
        using var scope = NewDisposeScope();
        var (device, real) = (transmissions.device, transmissions.dtype == ScalarType.ComplexFloat64 ? ScalarType.Float64 : ScalarType.Float32);
        var t = transmissions;
        var error = Added(device, real);
        if (NeedsHeights)
        {
            var designed = heights!.to(real);
            var printed = designed * PerLayer(_scale, device, real);
            if (error is not null)
                printed = printed + error;
            if (_dead is not null)
            {
                var dead = _frame.PlaceHeights(_dead.to(real, device)).gt(0);
                var (height, factor) = (tensor(_deadHeight, dtype: real, device: device), material.Transmission(_deadHeight));
                t = where(dead, ComplexTensor.Of([factor]).to(t.dtype, device), t);
                (designed, printed) = (where(dead, height, designed), where(dead, height, printed));
            }
            if (Array.Exists(_blur, s => s != 0))
            {
                var smooth = Resampling.Blur([.. _blur.Select(s => s / Pitch)], (int)t.shape[^1]).to(real, device);
                printed = smooth.matmul(printed).matmul(smooth.transpose(-1, -2));
            }
            error = printed / Wavelength - designed;
        }
        if (error is not null)
            t = t * Factor(error, material);
        if (Array.Exists(_shifts, s => s != default))
            t = Resampling.Shifted(t, [.. _shifts.Select(s => s.X / Pitch)], [.. _shifts.Select(s => s.Y / Pitch)]);
        return t.alias().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _added?.Dispose();
        _dead?.Dispose();
    }

    /// <summary>exp((i·p-a)·δ) of heights in metres.</summary>
    private static Tensor Factor(Tensor error, Material material)
    {
        var factor = PhasorFunction.Apply(error * material.PhasePerMetre);
        return material.AttenuationPerMetre > 0 ? factor * (error * -material.AttenuationPerMetre).exp() : factor;
    }

    /// <summary>The heights that are added to those of every sample; null where none are.</summary>
    private Tensor? Added(Device device, ScalarType real)
    {
        var added = _added is null ? null : _frame.PlaceHeights(_added.to(real, device));
        if (Array.TrueForAll(_slopes, slope => slope == default))
            return added;
        var n = _pixels * _frame.Oversampling;
        var at = (arange(n, dtype: real, device: device) - (n - 1) / 2.0) * Pitch;
        var slope = at * PerLayer([.. _slopes.Select(s => s.X)], device, real) + at.unsqueeze(-1) * PerLayer([.. _slopes.Select(s => s.Y)], device, real);
        slope = (_frame with { Oversampling = 1 }).PlaceHeights(slope);
        return added is null ? slope : added + slope;
    }

    private static Tensor PerLayer(double[] values, Device device, ScalarType real) =>
        tensor(values).to(real, device).view(-1, 1, 1);
}
