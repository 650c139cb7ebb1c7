using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// What a quantizer makes of positions while training: for each of them a place among the levels, differentiable, at
/// which a mask interpolates what its levels stand for.
/// </summary>
public abstract record SoftIndex
{
    /// <summary>The values at the places.</summary>
    /// <param name="values">What the levels stand for: heights, phases, transmissions.</param>
    /// <returns>Of the shape of the positions, of the type of the values.</returns>
    public abstract Tensor Interpolate(LevelValues values);

    /// <summary>Keeps the tensors alive beyond the innermost dispose scope.</summary>
    internal abstract SoftIndex MoveToOuterDisposeScope();
}

/// <summary>A position between two levels, cut into the cell k and the share s in [0, 1] of the way from level k to level k+1.</summary>
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
    internal override CellIndex MoveToOuterDisposeScope() => new(Cell.MoveToOuterDisposeScope(), Fraction.MoveToOuterDisposeScope());
}

/// <summary>What the levels of one table, or of one for each mask, stand for.</summary>
/// <param name="Starts">Real or complex, [N] or [masks, N]: the value of each level, at which the cell of the same number starts.</param>
/// <param name="Ends">[cells] or [masks, cells]: the value at the end of each cell. On a circle the last cell ends where the first starts, a wave further up.</param>
public sealed record LevelValues(Tensor Starts, Tensor Ends)
{
    /// <summary>The values of levels.</summary>
    /// <param name="level">int64, any shape; where there is a table for each mask, [masks, …].</param>
    public Tensor OfLevels(Tensor level) => Look(Starts, level);

    /// <summary>The values at the two ends of cells.</summary>
    /// <param name="cell">int64, any shape; where there is a table for each mask, [masks, …].</param>
    public (Tensor Start, Tensor End) OfCells(Tensor cell) => (Look(Starts, cell), Look(Ends, cell));

    private static Tensor Look(Tensor table, Tensor index)
    {
        using var scope = NewDisposeScope();
        if (table.dim() == 1)
            return table.index_select(0, index.flatten()).view(index.shape).MoveToOuterDisposeScope();
        var (masks, count) = (table.shape[0], table.shape[1]);
        var first = arange(0, masks * count, count, dtype: ScalarType.Int64, device: index.device);
        var flat = index.view([masks, -1]).add(first.unsqueeze(1)).flatten();
        return table.flatten().index_select(0, flat).view(index.shape).MoveToOuterDisposeScope();
    }
}
