using OpticalQAT.Models;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>
/// The single-pixel moves of a model at hard levels. The field is linear in a pixel's transmission t, so a move to
/// another level changes the loss to first order by Re(conj(∂L/∂t)·(t' - t)), however far apart the levels are.
/// </summary>
internal sealed class PixelMoves : IDisposable
{
    private const int AllLevels = 16;

    private readonly HeightMask[] _masks;
    private readonly List<Tensor> _levels = [];
    private readonly List<Tensor> _targets = [];
    private readonly List<Tensor> _steps = [];

    private PixelMoves(HeightMask[] masks) => _masks = masks;

    /// <summary>What is gained to first order by the best move of each pixel, all masks one after the other: float32, [pixels].</summary>
    public Tensor Gains { get; private set; } = null!;

    /// <summary>The best move of every pixel: to any other level of a table of up to sixteen, otherwise to a neighbour.</summary>
    /// <param name="masks">The masks, in evaluation.</param>
    /// <param name="gradient">complex64, [masks, N, N] or [W, masks, N, N]: ∂L/∂Re t + i ∂L/∂Im t.</param>
    public static PixelMoves Of(HeightMask[] masks, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var moves = new PixelMoves(masks);
        List<Tensor> gains = [];
        foreach (var (i, mask) in masks.Index())
        {
            var count = mask.Relief.Levels!.Count;
            var level = mask.Levels()!.flatten();
            var slope = OfPixels(mask, gradient.select(-3, i));
            var table = mask.Relief.PrintedTransmission(arange(count, dtype: ScalarType.Float32, device: level.device));
            (Tensor Gain, Tensor Target, Tensor Step)? best = null;
            foreach (var offset in count <= AllLevels ? Enumerable.Range(1, count - 1) : [1, count - 1])
            {
                var target = level.add(offset).remainder(count);
                var step = table.index_select(-1, target) - table.index_select(-1, level);
                var gain = -First(slope, step);
                if (best is not var (standing, its, way))
                {
                    best = (gain, target, step);
                    continue;
                }
                var isBetter = gain.gt(standing);
                best = (where(isBetter, gain, standing), where(isBetter, target, its), where(isBetter, step, way));
            }
            // A mask that is not to change has moves like any other, and none of them is worth making.
            gains.Add(mask.Position.requires_grad ? best!.Value.Gain : full_like(best!.Value.Gain, float.NegativeInfinity));
            moves._levels.Add(level.DetachFromDisposeScope());
            moves._targets.Add(best.Value.Target.DetachFromDisposeScope());
            moves._steps.Add(best.Value.Step.DetachFromDisposeScope());
        }
        moves.Gains = cat(gains).DetachFromDisposeScope();
        return moves;
    }

    /// <summary>What some of the moves change to first order.</summary>
    /// <param name="gradient">As above, of any quantity.</param>
    /// <param name="chosen">int64, [M], pixels.</param>
    /// <returns>float32, [M].</returns>
    public Tensor Changes(Tensor gradient, Tensor chosen)
    {
        using var scope = NewDisposeScope();
        var changes = _masks.Select((mask, i) => First(OfPixels(mask, gradient.select(-3, i)), _steps[i]));
        return cat([.. changes]).index_select(0, chosen).MoveToOuterDisposeScope();
    }

    /// <summary>Puts every pixel where it stood, but those that are given where their moves lead.</summary>
    public void Make(IEnumerable<long> moved)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var start = 0L;
        var pixels = moved.ToArray();
        foreach (var (i, mask) in _masks.Index())
        {
            var end = start + _levels[i].shape[0];
            var level = _levels[i].clone();
            long[] own = [.. pixels.Where(pixel => pixel >= start && pixel < end).Select(pixel => pixel - start)];
            if (own.Length > 0)
            {
                using var indices = tensor(own).to(level.device);
                level.index_copy_(0, indices, _targets[i].index_select(0, indices));
            }
            mask.Position.copy_(level.view(mask.Position.shape));
            start = end;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gains.Dispose();
        foreach (var tensor in _levels.Concat(_targets).Concat(_steps))
            tensor.Dispose();
    }

    /// <summary>Re(conj(g)·step) of each pixel, over all wavelengths.</summary>
    private static Tensor First(Tensor slope, Tensor step)
    {
        var change = slope.real * step.real + slope.imag * step.imag;
        return change.dim() > 1 ? change.sum(dim: 0L) : change;
    }

    /// <summary>The gradient by each printed pixel: the sum over its samples, the margin left out.</summary>
    private static Tensor OfPixels(HeightMask mask, Tensor samples)
    {
        var (margin, wide) = (mask.Frame.Margin, samples.shape[^1]);
        var printed = samples.slice(-2, margin, wide - margin, 1).slice(-1, margin, wide - margin, 1);
        var (n, o) = (mask.Position.shape[0], mask.Oversampling);
        if (o > 1)
            printed = printed.reshape([.. printed.shape[..^2], n, o, n, o]).sum([-1, -3]);
        return printed.flatten(start_dim: -2);
    }
}
