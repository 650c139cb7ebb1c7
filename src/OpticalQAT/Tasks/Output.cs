using OpticalQAT.Models.Perturbations;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>A batch at the output plane: everything that a task makes its loss and its metrics of, besides what is right.</summary>
/// <param name="Field">complex64, [B, N, N], or [B, W, N, N] in light of several wavelengths.</param>
/// <param name="Entered">float32, [B], the power that entered: the sum of |u|² over the input plane.</param>
/// <param name="Reading">The errors of the detector that reads it, on a fabricated device; null reads exactly.</param>
public sealed record Output(Tensor Field, Tensor Entered, DetectorErrors? Reading = null)
{
    /// <summary>The progress of training, from 0 to 1, which the schedules of a loss follow. A model that is not trained stands at the end.</summary>
    public double Progress { get; init; } = 1;

    /// <summary>Powers as the detector reads them: whatever a task makes of the light, it makes of these.</summary>
    /// <param name="powers">Real, [B, …]: what each element of the detector receives.</param>
    /// <returns>The same shape.</returns>
    public Tensor Read(Tensor powers) => Reading is { } errors ? errors.Read(powers, Entered) : powers;
}
