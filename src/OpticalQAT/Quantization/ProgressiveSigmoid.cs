using OpticalQAT.Configuration;
using OpticalQAT.Schedules;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The multi-level sigmoid of QuATON (arXiv 2310.03049): y(x) = Σᵢ σ(k·(x-i-½)) over the thresholds between
/// neighbouring levels, which grows from nearly a straight line to a staircase as k rises. On a circle the sum runs
/// over all integers, less the constant that keeps y(x+1) = y(x)+1.
/// </summary>
[Kind("progressive_sigmoid")]
public sealed record ProgressiveSigmoid : QuantizerKind, IChecked
{
    /// <summary>k, the steepness of one threshold per level unit. On a circle the curve is a straight line to the last digit at 0.5 and below; on a line of levels a small one pulls all positions to the middle.</summary>
    [AtLeast(0.1), AtMost(10_000)]
    public Schedule Steepness { get; init; } = new Exponential { From = 2, To = 40 };

    /// <summary>Learns k, one for each mask, from the schedule's first value up to its last; null follows the schedule.</summary>
    public LearntSteepness? Learnt { get; init; }

    /// <summary>The slope that positions beyond the ends of a table keep, so that they find back in. The value itself stays at the end: there is no height beyond.</summary>
    [AtLeast(0), AtMost(1000)]
    public double OutsideSlope { get; init; } = 0.01;

    /// <inheritdoc/>
    public override Quantizer Build(LevelTable levels, Tensor positions) => new SigmoidIndex(levels, (int)positions.shape[0], this);

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Learnt is not null && Steepness.At(1) <= Steepness.At(0))
            yield return new Problem("steepness", $"a steepness that is learnt starts at the schedule's first value ({Steepness.At(0)}) and rises to its last ({Steepness.At(1)}): the last must be the larger one, for example {{ kind: exponential, from: 2, to: 40 }}");
    }

    /// <summary>
    /// On a circle y(x)-x = Σₘ (-1)ᵐ·sin(2πmx)·(2π/k)/sinh(2π²m/k), by Poisson's summation: at this steepness and below less
    /// than 1e-15, and no sum over thresholds comes as near to that as x itself.
    /// </summary>
    internal const double StraightOnACircle = 0.5;

    /// <summary>The multi-level sigmoid itself.</summary>
    /// <param name="position">Real, any shape, level units.</param>
    /// <param name="steepness">k per level unit.</param>
    /// <param name="levels">The levels.</param>
    /// <returns>y, of the same shape, level units. Only thresholds near x are summed, those whose sigmoid is not yet 0 or 1 in the tensor's precision, so the cost does not depend on N.</returns>
    public static Tensor Evaluate(Tensor position, double steepness, LevelSpace levels) =>
        Sum(position, steepness, learnt: null, levels);

    /// <summary>As <see cref="Evaluate"/>, with a steepness for each mask where they are learnt.</summary>
    /// <param name="position">Real, any shape, level units.</param>
    /// <param name="least">k, or the least of those that are learnt.</param>
    /// <param name="learnt">k where it is learnt, of a shape that goes with the positions.</param>
    /// <param name="levels">The levels.</param>
    internal static Tensor Sum(Tensor position, double least, Tensor? learnt, LevelSpace levels)
    {
        using var scope = NewDisposeScope();
        if (SigmoidSum.Takes(position))
            return SigmoidSum.Apply(position, least, learnt, levels).MoveToOuterDisposeScope();
        if (levels.Closes && learnt is null && least <= StraightOnACircle)
            return position.alias().MoveToOuterDisposeScope();
        var window = Window(least, position.dtype, levels);
        var cell = position.detach().floor();
        if (!levels.Closes)
            cell = cell.clamp(0, levels.Count - 2);
        // Offset j stands for the threshold at cell + j + ½, for j = -window … window. What can be is worked out on the
        // pixels or on the offsets alone: three passes run over both.
        var offsets = arange(-window, window + 1, dtype: position.dtype, device: position.device)
            .view([-1, .. Enumerable.Repeat(1L, (int)position.dim())]);
        var sigmoids = learnt is null
            ? (least * (position - cell) - least * (offsets + 0.5)).sigmoid()
            : (learnt * (position - cell - 0.5) - learnt * offsets).sigmoid();
        if (levels.Closes)
        {
            var sum = sigmoids.sum(dim: 0L) + (cell - window);
            return (least > StraightOnACircle ? sum : where(learnt!.gt(StraightOnACircle), sum, position)).MoveToOuterDisposeScope();
        }

        var threshold = cell + offsets;
        var exists = threshold.ge(0).logical_and(threshold.le(levels.Count - 2)).to(position.dtype);
        var saturated = (cell - window).clamp(min: 0);
        return (saturated + (sigmoids * exists).sum(dim: 0L)).MoveToOuterDisposeScope();
    }

    /// <summary>The number of thresholds to each side of a cell's own have a sigmoid that is not yet 0 or 1 in a precision.</summary>
    internal static int Window(double steepness, ScalarType type, LevelSpace levels)
    {
        var negligible = type == ScalarType.Float64 ? 37.0 : 17.0;
        if (levels.Closes)
            steepness = Math.Max(steepness, StraightOnACircle);
        // the nearest threshold left out is at least window + ½ away
        return (int)Math.Clamp(Math.Ceiling(negligible / steepness - 0.5), 0, levels.Closes ? int.MaxValue : levels.Count);
    }

    private sealed class SigmoidIndex : SteepQuantizer
    {
        private readonly double _outsideSlope;

        public SigmoidIndex(LevelTable levels, int masks, ProgressiveSigmoid options) : base(levels, masks, options.Steepness.At, options.Learnt)
        {
            _outsideSlope = options.OutsideSlope;
            Begin();
        }

        public override SoftIndex Soften(Tensor positions)
        {
            using var scope = NewDisposeScope();
            var soft = Sum(positions, Least, Learnt(positions.dim()), Levels);
            if (!Levels.Closes)
            {
                var outside = _outsideSlope * (positions - positions.clamp(0, Levels.Count - 1));
                soft = soft.clamp(0, Levels.Count - 1) + (outside - outside.detach());
            }
            return Levels.Split(soft).MoveToOuterDisposeScope();
        }
    }
}
