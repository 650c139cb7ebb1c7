using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The outcome of a quantizer for positions in training: for each of them a place among the levels, differentiable, at
/// which a mask interpolates what its levels stand for.
/// </summary>
public abstract record SoftIndex
{
    /// <summary>The values at the places.</summary>
    /// <param name="values">What the levels stand for: heights, phases, transmissions.</param>
    /// <returns>Of the shape of the positions, of the type of the values.</returns>
    public abstract Tensor Interpolate(LevelValues values);

    /// <summary>Keeps the tensors alive beyond the innermost dispose scope.</summary>
    public abstract SoftIndex MoveToOuterDisposeScope();
}

/// <summary>A position between two levels, cut into the cell k and the fraction s in [0, 1] between level k and level k+1.</summary>
/// <param name="Cell">int64, any shape: k.</param>
/// <param name="Fraction">Real, of the same shape: s, through which the gradient comes.</param>
public sealed record CellIndex(Tensor Cell, Tensor Fraction) : SoftIndex
{
    /// <summary>(1-s)·start[k] + s·end[k]: exactly an entry of the table where s is 0 or 1.</summary>
    /// <inheritdoc/>
    public override Tensor Interpolate(LevelValues values)
    {
        using var scope = NewDisposeScope();
        var (from, to) = values.OfCells(Cell);
        return (from * (1 - Fraction) + to * Fraction).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override CellIndex MoveToOuterDisposeScope() => new(Cell.MoveToOuterDisposeScope(), Fraction.MoveToOuterDisposeScope());
}

/// <summary>A level itself, without a gradient.</summary>
/// <param name="Level">int64, any shape.</param>
public sealed record LevelIndex(Tensor Level) : SoftIndex
{
    /// <inheritdoc/>
    public override Tensor Interpolate(LevelValues values) => values.OfLevels(Level);

    /// <inheritdoc/>
    public override LevelIndex MoveToOuterDisposeScope() => new(Level.MoveToOuterDisposeScope());
}

/// <summary>No level at all: a height that is free, as in full precision.</summary>
/// <param name="Place">Where it lies among the levels.</param>
public sealed record FreeIndex(CellIndex Place) : SoftIndex
{
    /// <inheritdoc/>
    public override Tensor Interpolate(LevelValues values) => values.OfFree(Place);

    /// <inheritdoc/>
    public override FreeIndex MoveToOuterDisposeScope() => new(Place.MoveToOuterDisposeScope());
}

/// <summary>One index for some pixels, another for the rest.</summary>
/// <param name="IsSecond">bool, of the shape of the positions.</param>
/// <param name="First">Where it is false.</param>
/// <param name="Second">Where it is true.</param>
public sealed record MixedIndex(Tensor IsSecond, SoftIndex First, SoftIndex Second) : SoftIndex
{
    /// <inheritdoc/>
    public override Tensor Interpolate(LevelValues values)
    {
        using var scope = NewDisposeScope();
        return where(IsSecond, Second.Interpolate(values), First.Interpolate(values)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override MixedIndex MoveToOuterDisposeScope() =>
        new(IsSecond.MoveToOuterDisposeScope(), First.MoveToOuterDisposeScope(), Second.MoveToOuterDisposeScope());
}

/// <summary>One level, chosen by weights over all of them: the value is that of the level, the slope that of the weighted mean.</summary>
/// <param name="Weights">Real, [masks, N, …]: they add up to one over the levels, and the gradient comes through them.</param>
/// <param name="Level">int64, [masks, …]: the level that is chosen.</param>
public sealed record WeightedIndex(Tensor Weights, Tensor Level) : SoftIndex
{
    /// <inheritdoc/>
    public override Tensor Interpolate(LevelValues values)
    {
        using var chosen = values.OfLevels(Level);
        return ChosenLevel.Apply(Weights, chosen, values.Starts);
    }

    /// <inheritdoc/>
    public override WeightedIndex MoveToOuterDisposeScope() => new(Weights.MoveToOuterDisposeScope(), Level.MoveToOuterDisposeScope());
}
