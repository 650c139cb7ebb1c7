using OpticalQAT.Configuration;
using OpticalQAT.Schedules;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>Which of the two published forms of differentiable soft quantization.</summary>
public enum SoftTanhVariant
{
    /// <summary>That of its paper: the cell is the floor of the position, and the curve is continuous.</summary>
    Continuous,

    /// <summary>That of QuATON's program: the cell is the nearest whole number, and the curve jumps half-way between levels. Kept to reproduce it.</summary>
    Quaton,
}

/// <summary>
/// Differentiable soft quantization (DSQ, Gong et al., arXiv 1908.05033): in the cell from level k to level k+1, with
/// its centre at k+½, y(x) = k + ½ + ½·tanh(κ·(x-k-½))/(1-α) with κ = ln(2/α-1). It runs from a straight line for
/// α near 1 to a staircase for α near 0, passes through every level, and on a circle is periodic as it stands.
/// </summary>
[Kind("soft_tanh")]
public sealed record SoftTanh : QuantizerKind, IChecked
{
    /// <summary>α, between 0 and 1: how far from a staircase the curve is. 0.5 is nearly straight, 1e-6 rises by its whole step within a seventh of a cell.</summary>
    [AtLeast(1e-12), AtMost(0.999)]
    public Schedule Alpha { get; init; } = new Exponential { From = 0.5, To = 1e-6 };

    /// <summary>Learns the steepness κ, one for each mask, from that of the schedule's first α up to that of its last; null follows the schedule.</summary>
    public LearntSteepness? Learnt { get; init; }

    /// <summary>Which published form.</summary>
    public SoftTanhVariant Variant { get; init; } = SoftTanhVariant.Continuous;

    /// <inheritdoc/>
    public override Quantizer Build(LevelTable levels, Tensor positions) => new TanhIndex(levels, (int)positions.shape[0], this);

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Learnt is not null && Alpha.At(1) >= Alpha.At(0))
            yield return new Problem("alpha", $"an alpha that is learnt starts at the schedule's first value ({Alpha.At(0)}) and falls to its last ({Alpha.At(1)}): the last must be the smaller one");
    }

    /// <summary>The curve itself.</summary>
    /// <param name="position">Real, any shape, level units; on a line between its ends.</param>
    /// <param name="alpha">α.</param>
    /// <param name="variant">Which form.</param>
    /// <returns>y, of the same shape, level units.</returns>
    public static Tensor Evaluate(Tensor position, double alpha, SoftTanhVariant variant)
    {
        using var scope = NewDisposeScope();
        var cell = position.detach();
        cell = variant == SoftTanhVariant.Quaton ? cell.round() : cell.floor();
        return (cell + Rise(position - cell, Steepness(alpha), learnt: null)).MoveToOuterDisposeScope();
    }

    private static double Steepness(double alpha) => Math.Log(2 / alpha - 1);

    /// <summary>½ + ½·tanh(κ·(s-½))/tanh(κ/2), for tanh(κ/2) is 1-α.</summary>
    private static Tensor Rise(Tensor way, double steepness, Tensor? learnt)
    {
        using var scope = NewDisposeScope();
        var centred = way - 0.5;
        var rise = learnt is null
            ? (centred * steepness).tanh() * (0.5 / Math.Tanh(steepness / 2))
            : (centred * learnt).tanh() / (learnt / 2).tanh() * 0.5;
        return (rise + 0.5).MoveToOuterDisposeScope();
    }

    private sealed class TanhIndex : SteepQuantizer
    {
        private readonly SoftTanhVariant _variant;

        public TanhIndex(LevelTable levels, int masks, SoftTanh options) : base(levels, masks, progress => Steepness(options.Alpha.At(progress)), options.Learnt)
        {
            _variant = options.Variant;
            Begin();
        }

        public override SoftIndex Soften(Tensor positions)
        {
            using var scope = NewDisposeScope();
            var (steepness, learnt) = (Least, Learnt(positions.dim()));
            if (_variant == SoftTanhVariant.Continuous)
            {
                var (cell, way) = Levels.Split(positions);
                return new CellIndex(cell, Rise(way, steepness, learnt).clamp(0, 1)).MoveToOuterDisposeScope();
            }
            var inside = Levels.Closes ? positions : positions.clamp(0, Levels.Count - 1);
            var nearest = inside.detach().round();
            return Levels.Split(nearest + Rise(inside - nearest, steepness, learnt)).MoveToOuterDisposeScope();
        }
    }
}
