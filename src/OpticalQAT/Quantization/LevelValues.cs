using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>The values that the levels of one table, or of one for each mask, stand for.</summary>
/// <param name="Starts">Real or complex, [N] or [masks, N]: the value of each level, at which the cell of the same number starts.</param>
/// <param name="Ends">[cells] or [masks, cells]: the value at the end of each cell. On a circle the last cell ends where the first starts, a wave further up.</param>
/// <param name="Free">The values of heights that are free, which need not lie on a straight line between those of the levels; null where they do.</param>
public sealed record LevelValues(Tensor Starts, Tensor Ends, Func<CellIndex, Tensor>? Free = null)
{
    /// <summary>The values of levels.</summary>
    /// <param name="level">int64, any shape; where there is a table for each mask, [masks, …].</param>
    public Tensor OfLevels(Tensor level) => Look(Starts, level);

    /// <summary>The values at the two ends of cells.</summary>
    /// <param name="cell">int64, any shape; where there is a table for each mask, [masks, …].</param>
    public (Tensor Start, Tensor End) OfCells(Tensor cell) => (Look(Starts, cell), Look(Ends, cell));

    /// <summary>The values of heights that are free.</summary>
    public Tensor OfFree(CellIndex place) => Free is null ? place.Interpolate(this) : Free(place);

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
