using OpticalQAT.Formats;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Reports;

/// <summary>
/// The light of a stack as one would see it from the side, if the air between the masks glowed: for each position
/// along the axis the brightest sample of every row of the plane. A cut through one column would miss most of what
/// happens, since the object and the detectors lie beside it.
/// </summary>
public static class SideView
{
    private const int PlanesInAll = 96;

    /// <summary>Follows fields through a network, in its present mode.</summary>
    /// <param name="network">Masks and distances.</param>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    /// <param name="cancellation">Stops it before the next plane.</param>
    /// <returns>For each example the intensity, [z, y], at equal steps from the input plane to the output plane.</returns>
    public static float[][,] Of(OpticalModel network, Tensor input, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        // Its own propagator: the kernels of a hundred distances are not to stay with the network.
        var propagator = network.Propagator.OnTorch();
        double[] distances = [.. network.Gaps.Select(gap => gap.Metres)];
        var transmissions = network.Masks.Surface().Transmissions;
        var step = distances.Sum() / (PlanesInAll - 1);
        List<Tensor> rows = [];
        var field = input;
        var start = 0.0;
        foreach (var (gap, distance) in distances.Index())
        {
            var isLast = gap == distances.Length - 1;
            while (rows.Count < PlanesInAll && (isLast || rows.Count * step < start + distance))
            {
                cancellation.ThrowIfCancellationRequested();
                rows.Add(Brightest(propagator, field, Math.Min(rows.Count * step - start, distance)));
            }
            if (isLast)
                break;
            using var inner = NewDisposeScope();
            field = (propagator.Propagate(field, distance) * transmissions.select(-3, gap)).MoveToOuterDisposeScope();
            start += distance;
        }
        using var views = stack(rows, dim: 1).cpu();
        return [.. Enumerable.Range(0, (int)input.shape[0]).Select(example => TensorArrays.Plane(views[example]))];
    }

    private static Tensor Brightest(Propagator propagator, Tensor field, double distance)
    {
        using var scope = NewDisposeScope();
        var plane = distance > 0 ? propagator.Propagate(field, distance) : field;
        return Field.Intensity(plane).amax(2).MoveToOuterDisposeScope();
    }
}
