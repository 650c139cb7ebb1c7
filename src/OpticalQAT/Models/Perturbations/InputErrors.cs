using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>The errors of the light that enters one device, beside the axis or askew: u'(x, y) = u(x-dx, y-dy)·exp(i·2π(n/λ)·(sx·x + sy·y)).</summary>
public sealed class InputErrors
{
    private (double X, double Y) _shift;
    private (double X, double Y) _sines;

    /// <summary>Whether the light enters as designed.</summary>
    public bool AreNone => _shift == default && _sines == default;

    /// <summary>Moves the object, by metres.</summary>
    public void Shift(double x, double y) => _shift = (_shift.X + x, _shift.Y + y);

    /// <summary>Lets the illumination come from the side.</summary>
    /// <param name="x">The sine of its angle to the axis along x.</param>
    /// <param name="y">The same along y.</param>
    public void Tilt(double x, double y) => _sines = (_sines.X + x, _sines.Y + y);

    /// <summary>The field that enters the device.</summary>
    /// <param name="field">complex, [B, N, N], as designed; in light of W wavelengths [B, W, N, N].</param>
    /// <param name="grid">Its sampling.</param>
    /// <param name="cutoffs">n/λ of the device's light, at each of its wavelengths.</param>
    internal Tensor Apply(Tensor field, Grid grid, double[] cutoffs)
    {
        using var scope = NewDisposeScope();
        var pitch = grid.PixelPitch.Metres;
        if (_shift != default)
            field = Resampling.Shifted(field.view(1, -1, grid.Size, grid.Size), [_shift.X / pitch], [_shift.Y / pitch]).view(field.shape);
        if (_sines != default)
        {
            var at = tensor(grid.Coordinates());
            var phase = tensor(cutoffs).view(-1, 1, 1) * (2 * Math.PI * (at * _sines.X + at.unsqueeze(-1) * _sines.Y));
            field = field * complex(phase.cos(), phase.sin()).to(field.dtype, field.device);
        }
        return field.alias().MoveToOuterDisposeScope();
    }
}
