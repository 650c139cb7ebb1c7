using OpticalQAT.Models;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Reports;

/// <summary>A model as a task needs it that illustrates itself.</summary>
/// <param name="network">The model, in the mode in which it is shown.</param>
/// <param name="cancellation">Stops the propagation from plane to plane.</param>
internal sealed class ShownModel(OpticalModel network, CancellationToken cancellation) : IShownModel
{
    /// <inheritdoc/>
    public Device Device { get; } = network.Masks.Device;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Planes(Tensor input) => network.Planes(input);

    /// <inheritdoc/>
    public float[][,]? FromTheSide(Tensor input) => network.Gaps.Count > 0 ? SideView.Of(network, input, cancellation) : null;
}
