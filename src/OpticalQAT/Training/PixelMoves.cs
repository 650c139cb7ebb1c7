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

    private readonly MaskStack _masks;
    private readonly Tensor _levels;
    private readonly Tensor _targets;
    private readonly Tensor _steps;

    private PixelMoves(MaskStack masks, Tensor gains, Tensor levels, Tensor targets, Tensor steps) =>
        (_masks, Gains, _levels, _targets, _steps) = (masks, gains, levels, targets, steps);

    /// <summary>The gain to first order of the best move of each pixel, all masks one after the other: float32, [pixels].</summary>
    public Tensor Gains { get; }

    /// <summary>The best move of every pixel: to any other level of a table of up to sixteen, otherwise to a neighbour.</summary>
    /// <param name="masks">The masks, in evaluation.</param>
    /// <param name="gradient">complex64, [masks, N, N] or [W, masks, N, N]: ∂L/∂Re t + i ∂L/∂Im t.</param>
    public static PixelMoves Of(MaskStack masks, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var (levels, slopes) = (masks.Levels()!.flatten(1), OfPixels(masks, gradient));
        var best = Enumerable.Range(0, masks.Count).Select(layer => Best(masks, layer, levels[layer], slopes.select(-2, layer))).ToArray();
        return new PixelMoves(
            masks, cat([.. best.Select(move => move.Gain)]).DetachFromDisposeScope(), levels.DetachFromDisposeScope(),
            stack(best.Select(move => move.Target)).DetachFromDisposeScope(), stack(best.Select(move => move.Step), dim: -2).DetachFromDisposeScope());
    }

    /// <summary>The changes by some of the moves, to first order.</summary>
    /// <param name="gradient">As above, of any quantity.</param>
    /// <param name="chosen">int64, [M], pixels.</param>
    /// <returns>float32, [M].</returns>
    public Tensor Changes(Tensor gradient, Tensor chosen)
    {
        using var scope = NewDisposeScope();
        return First(OfPixels(_masks, gradient), _steps, wavelengths: gradient.dim() > 3).flatten().index_select(0, chosen).MoveToOuterDisposeScope();
    }

    /// <summary>Puts every pixel where it stood, but those that are given where their moves lead.</summary>
    public void Make(IEnumerable<long> moved)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var levels = _levels.flatten().clone();
        if (moved.ToArray() is { Length: > 0 } pixels)
        {
            var indices = tensor(pixels).to(levels.device);
            levels.index_copy_(0, indices, _targets.flatten().index_select(0, indices));
        }
        _masks.Position.copy_(levels.view(_masks.Position.shape));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in new[] { Gains, _levels, _targets, _steps })
            tensor.Dispose();
    }

    /// <summary>The best move of each pixel of a mask.</summary>
    private static (Tensor Gain, Tensor Target, Tensor Step) Best(MaskStack masks, int layer, Tensor levels, Tensor slopes)
    {
        var table = masks.LevelTransmissions(layer)!;
        var count = (int)table.shape[^1];
        (Tensor Gain, Tensor Target, Tensor Step)? best = null;
        foreach (var offset in count <= AllLevels ? Enumerable.Range(1, count - 1) : [1, count - 1])
        {
            var target = levels.add(offset).remainder(count);
            var step = table.index_select(-1, target) - table.index_select(-1, levels);
            var gain = -First(slopes, step, wavelengths: step.dim() > 1);
            if (best is not var (standing, its, change))
            {
                best = (gain, target, step);
                continue;
            }
            var isBetter = gain.gt(standing);
            best = (where(isBetter, gain, standing), where(isBetter, target, its), where(isBetter, step, change));
        }
        // A mask that is not to change has moves like any other, and none of them is worth making.
        return masks.IsFrozen(layer) ? best!.Value with { Gain = full_like(best.Value.Gain, float.NegativeInfinity) } : best!.Value;
    }

    /// <summary>Re(conj(g)·step) of each pixel, over all wavelengths.</summary>
    private static Tensor First(Tensor slope, Tensor step, bool wavelengths)
    {
        var change = slope.real * step.real + slope.imag * step.imag;
        return wavelengths ? change.sum(dim: 0L) : change;
    }

    /// <summary>The gradient by each printed pixel, [masks, pixels] or [W, masks, pixels]: the sum over its samples, the margin left out.</summary>
    private static Tensor OfPixels(MaskStack masks, Tensor samples)
    {
        var (margin, wide) = (masks.Frame.Margin, samples.shape[^1]);
        var printed = samples.slice(-2, margin, wide - margin, 1).slice(-1, margin, wide - margin, 1);
        var (n, o) = (masks.Pixels, masks.Frame.Oversampling);
        if (o > 1)
            printed = printed.reshape([.. printed.shape[..^2], n, o, n, o]).sum([-1, -3]);
        return printed.flatten(start_dim: -2);
    }
}
